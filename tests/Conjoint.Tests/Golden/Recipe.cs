using System.Globalization;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden;

/// <summary>The golden collection's numbers without a generator: the same on every machine, for parameters and inputs too large to store.</summary>
internal static partial class Recipe
{
    /// <summary>u(i, s), from −1 to below 1.</summary>
    public static double U(uint index, uint seed)
    {
        unchecked
        {
            var x = index * 2654435761u + seed * 2246822519u + 374761393u;
            x ^= x >> 16;
            x *= 2246822507u;
            x ^= x >> 13;
            x *= 3266489909u;
            x ^= x >> 16;
            return x / 2147483648.0 - 1;
        }
    }

    /// <summary>a·u(i, s) over the whole shape, float32.</summary>
    public static Tensor Uniform(long[] shape, uint seed, double amplitude = 1) => Generate(shape, i => amplitude * U(i, seed));

    /// <summary>Slices of noise with a contrast and a brightness each, float32; grey ones have equal channels.</summary>
    public static Tensor Images(long[] shape, uint seed, bool grey)
    {
        var channels = (uint)shape[^3];
        var pixels = (uint)(shape[^2] * shape[^1]);
        return Generate(shape, i =>
        {
            var slice = i / (channels * pixels);
            var noise = grey ? slice * pixels + i % pixels : i;
            return (0.25 + 0.375 * (U(slice, seed + 1) + 1)) * U(noise, seed) + 0.5 * U(slice, seed + 2);
        });
    }

    /// <summary>The values of entry k of a state dict, by its name and shape, float32.</summary>
    public static Tensor Entry(string name, long[] shape, uint seed, uint k)
    {
        bool Ends(string suffix) => name.EndsWith(suffix, StringComparison.Ordinal);
        var fanIn = shape.Length == 0 ? 1 : (double)shape.Aggregate(1L, (a, b) => a * b) / shape[0];
        Func<double, double> value =
            Ends("running_var") ? v => 1 + 0.25 * v
            : Ends("running_mean") ? v => 0.1 * v
            : Ends("mask_token") ? v => v
            : shape.Length == 4 ? v => Math.Sqrt(6 / fanIn) * v
            : shape.Length is 2 or 3 ? v => Math.Sqrt(3 / fanIn) * v
            : Ends("bias") ? v => 0.1 * v
            : v => 1 + 0.2 * v;
        var stream = unchecked(1000 * seed + k);
        return Generate(shape, i => value(U(i, stream)));
    }

    /// <summary>Fills a module: entry number k of the list takes stream k.</summary>
    public static void Fill(nn.Module module, IReadOnlyList<string> order, int seed)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var state = module.state_dict();
        for (var k = 0; k < order.Count; k++)
        {
            if (!state.TryGetValue(order[k], out var target))
                throw new InvalidDataException($"the module has no '{order[k]}'");
            if (!order[k].EndsWith("num_batches_tracked", StringComparison.Ordinal))
                target.copy_(Entry(order[k], target.shape, (uint)seed, (uint)k));
        }
    }

    /// <summary>
    /// The tensors that a piece of metadata describes, such as <c>x_b = uniform([N_b, 640], 1211+b, 1.7)</c> or
    /// <c>images([2,12,3,32,32], 1711*100+50v+2t, gray)</c>.
    /// </summary>
    /// <param name="text">The metadata; the formula is the one after <paramref name="name"/>, or the first.</param>
    /// <param name="name">What stands before the formula's equals sign; null for the first formula.</param>
    /// <param name="variables">The letters' values; <c>N_b</c> is given as <c>N_b</c>.</param>
    public static Tensor Evaluate(string text, string? name, IReadOnlyDictionary<string, long> variables)
    {
        var at = name is null ? 0 : text.IndexOf(name + " =", StringComparison.Ordinal);
        if (at < 0 || Formula().Match(text, at) is not { Success: true } formula)
            throw new InvalidDataException($"no formula for '{name}' in '{text}'");
        long[] shape = [.. formula.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries).Select(size => Sum(size, variables))];
        var seed = unchecked((uint)Sum(formula.Groups["seed"].Value, variables));
        var last = formula.Groups["last"].Value.Trim();
        return formula.Groups["function"].Value == "images"
            ? Images(shape, seed, grey: last is "gray" or "gray=True")
            : Uniform(shape, seed, last.Length == 0 ? 1 : double.Parse(last, CultureInfo.InvariantCulture));
    }

    private static long Sum(string expression, IReadOnlyDictionary<string, long> variables) =>
        expression.Split('+', StringSplitOptions.TrimEntries).Sum(term => term.Split('*', StringSplitOptions.TrimEntries).Aggregate(1L, (product, factor) =>
        {
            var match = Factor().Match(factor);
            if (!match.Success)
                throw new InvalidDataException($"'{factor}' in '{expression}' is no number, letter or product of both");
            var number = match.Groups[1].Length > 0 ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 1;
            return product * number * (match.Groups[2].Length > 0 ? variables[match.Groups[2].Value] : 1);
        }));

    private static Tensor Generate(long[] shape, Func<uint, double> value)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)value((uint)i);
        return tensor(values, shape, ScalarType.Float32);
    }

    [GeneratedRegex(@"(?<function>uniform|images)\(\[(?<shape>[^\]]*)\],\s*(?<seed>[^,)]+)(?:,\s*(?<last>[^)]*))?\)")]
    private static partial Regex Formula();

    [GeneratedRegex(@"^(\d*)([A-Za-z_]*)$")]
    private static partial Regex Factor();
}
