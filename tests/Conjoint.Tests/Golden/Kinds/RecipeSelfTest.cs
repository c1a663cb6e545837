using System.Globalization;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The recipe itself; every full-size case stands on it.</summary>
internal sealed partial class RecipeSelfTest : IGoldenKind
{
    // The last indices of a full-size 512 x 512 x 3 x 3 kernel.
    private const uint LargeIndexEnd = 512 * 512 * 3 * 3;

    public string Prefix => "recipe_selftest";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var seed = (uint)golden.Int("seed");
        Tensor Numbers(string output, uint first) =>
            tensor([.. Enumerable.Range(0, (int)golden.Expected(output).numel()).Select(i => Recipe.U(first + (uint)i, seed))], ScalarType.Float64);
        Tensor Entry(string output, string name, uint k) => Recipe.Entry(name, golden.Expected(output).shape, seed, k);
        Tensor Images(string output, bool grey) => Recipe.Images(golden.Expected(output).shape, seed, grey);

        var large = (uint)golden.Expected("u_large_index").numel();
        var outputs = new Dictionary<string, Tensor>
        {
            ["u_seed"] = Numbers("u_seed", 0),
            ["u_large_index"] = Numbers("u_large_index", LargeIndexEnd - large),
            ["images_seed"] = Images("images_seed", grey: false),
            ["images_gray_seed"] = Images("images_gray_seed", grey: true),
        };
        foreach (var output in golden.Outputs)
        {
            if (FillName().Match(output) is { Success: true } fill)
                outputs[output] = Entry(output, StateDictName(fill.Groups["what"].Value), uint.Parse(fill.Groups["k"].Value, CultureInfo.InvariantCulture));
        }

        return outputs;
    }

    private static string StateDictName(string what) => what switch
    {
        "conv" => "conv.weight",
        "bias" => "bn.bias",
        "scale" => "bn.weight",
        "runningmean" => "bn.running_mean",
        "runningvar" => "bn.running_var",
        _ => throw new InvalidDataException($"fill '{what}'"),
    };

    [GeneratedRegex("^fill_(?<what>[a-z]+)_k(?<k>[0-9]+)_")]
    private static partial Regex FillName();
}
