using System.Globalization;
using System.Text.Json;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden;

/// <summary>One golden file, read for computing in one floating-point type.</summary>
internal sealed class GoldenCase : IDisposable
{
    public const string OutputPrefix = "out.";

    private readonly SafetensorsFile _file;
    private readonly Dictionary<string, Tolerance> _tolerances = [];

    public GoldenCase(string path, ScalarType type)
    {
        _file = Safetensors.Read(path);
        Type = type;
        Name = Text("case");
        if (_file.Metadata.TryGetValue("tolerance", out var json))
        {
            using var document = JsonDocument.Parse(json);
            foreach (var entry in document.RootElement.EnumerateObject())
                _tolerances[entry.Name] = Tolerance.Parse(entry.Value);
        }
    }

    /// <summary>The metadata's <c>case</c>, which begins with the kind.</summary>
    public string Name { get; }

    /// <summary>The type to compute in: float64 or float32.</summary>
    public ScalarType Type { get; }

    /// <summary>Names of the expected tensors, without <c>out.</c>.</summary>
    public IEnumerable<string> Outputs => Names(OutputPrefix);

    /// <summary>A stored tensor: floating-point ones in <see cref="Type"/>, others as they are. A copy; the open scope's.</summary>
    public Tensor this[string name] => _file.Tensors.TryGetValue(name, out var tensor)
        ? Cast(tensor.clone())
        : throw new InvalidDataException($"{Name}: there is no tensor '{name}'");

    /// <summary>The expected values of an output, as stored.</summary>
    public Tensor Expected(string output) => _file.Tensors[OutputPrefix + output];

    public Tolerance? ToleranceOf(string output) => _tolerances.GetValueOrDefault(output);

    public bool Has(string tensor) => _file.Tensors.ContainsKey(tensor);

    /// <summary>What follows a prefix in the tensors' names.</summary>
    public IEnumerable<string> Names(string prefix) =>
        _file.Tensors.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k[prefix.Length..]);

    public Tensor Cast(Tensor tensor) => tensor.is_floating_point() ? tensor.to(Type) : tensor;

    /// <summary>An integer tensor's values.</summary>
    public long[] Integers(string tensor) => this[tensor].reshape(-1).data<long>().ToArray();

    /// <summary>A tensor's values as yes (anything but zero) or no.</summary>
    public bool[] Flags(string tensor) => this[tensor].ne(0).reshape(-1).data<bool>().ToArray();

    /// <summary>A floating-point tensor's values, exactly as stored.</summary>
    public double[] Values(string tensor)
    {
        using var doubles = _file.Tensors[tensor].to(ScalarType.Float64).reshape(-1);
        return doubles.data<double>().ToArray();
    }

    public bool HasKey(string key) => _file.Metadata.ContainsKey(key);

    public string Text(string key) => _file.Metadata.TryGetValue(key, out var value)
        ? value
        : throw new InvalidDataException($"{Name}: the metadata has no '{key}'");

    public int Int(string key) => int.Parse(Text(key), CultureInfo.InvariantCulture);

    public double Number(string key) => double.Parse(Text(key), CultureInfo.InvariantCulture);

    public double[] Numbers(string key) => JsonSerializer.Deserialize<double[]>(Text(key))!;

    public bool Flag(string key) => bool.Parse(Text(key));

    public int[] Ints(string key) => JsonSerializer.Deserialize<int[]>(Text(key))!;

    /// <summary>Slice counts: the tensor <c>lengths</c>, or the metadata's <c>n</c>, a number or a list.</summary>
    public long[] Lengths() => Has("lengths") ? Integers("lengths")
        : Text("n").StartsWith('[') ? JsonSerializer.Deserialize<long[]>(Text("n"))!
        : [Int("n")];

    /// <summary>Names of a module's tensors in the recipe's order: the list holds names, or pairs of name and shape.</summary>
    public string[] StateDict(string key = "state_dict")
    {
        using var document = JsonDocument.Parse(Text(key));
        return [.. document.RootElement.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Array ? e[0].GetString()! : e.GetString()!)];
    }

    public void Dispose() => _file.Dispose();

    /// <summary>What the file says about one output's precision.</summary>
    internal sealed record Tolerance(double? Absolute, double? MaximumAbsolute)
    {
        public static Tolerance Parse(JsonElement entry) => new(Find(entry, "atol"), Find(entry, "max_abs"));

        private static double? Find(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetDouble() : null;
    }
}
