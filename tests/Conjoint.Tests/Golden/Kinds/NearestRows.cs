using System.Globalization;
using System.Text.RegularExpressions;
using Conjoint.Data;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Which source row each row of a resized slice takes; the sizes are part of the outputs' names.</summary>
internal sealed partial class NearestRows : IGoldenKind
{
    public string Prefix => "resize_nearest";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var outputs = new Dictionary<string, Tensor>();
        foreach (var name in golden.Outputs)
        {
            var match = Output().Match(name);
            Assert.True(match.Success, $"{golden.Name}: '{name}' names no sizes.");
            var (source, target) = (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
            outputs[name] = tensor(NearestResize.Apply<long>([.. Enumerable.Range(0, source).Select(i => (long)i)], source, 1, target, 1));
        }

        return outputs;
    }

    [GeneratedRegex(@"^source_index_(\d+)_to_(\d+)$")]
    private static partial Regex Output();
}
