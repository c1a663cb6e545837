using System.Globalization;
using Conjoint.Data;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The release's preprocessing of MMWHS: intensities, 8-bit slices and labels.</summary>
internal sealed class ReleasedHearts : IGoldenKind
{
    private const string Percentiles = "percentiles_";

    public string Prefix => "mmwhs_preprocess";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var shape = golden["intensity"].shape;
        float[] values = [.. golden.Values("intensity").Select(v => (float)v)];
        // percentiles_0.5_99.5: the percentiles are part of the name.
        var named = golden.Outputs.Single(o => o.StartsWith(Percentiles, StringComparison.Ordinal));
        var percentiles = named[Percentiles.Length..].Split('_').Select(p => double.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        var real = ReleasedIntensity.Of(values, areWhole: false, percentiles[0], percentiles[1]);
        float[] truncated = [.. values.Select(MathF.Truncate)];
        var whole = ReleasedIntensity.Of(truncated, areWhole: true, percentiles[0], percentiles[1]);
        var grey = golden.Integers("label").Select(l => ReleasedHeartLabels.ToGrey((int)l)).ToArray();

        Tensor Numbers(IEnumerable<double> numbers) => tensor(numbers.ToArray(), shape);
        Tensor Integers(IEnumerable<long> numbers) => tensor(numbers.ToArray(), shape);
        return new Dictionary<string, Tensor>
        {
            [named] = tensor(new[] { real.Low, real.High }),
            ["mean_std_after_clip"] = tensor(new[] { real.Mean, real.Std }),
            ["normalized_from_float"] = Numbers(values.Select(v => real.Scale(v))),
            ["normalized_from_int16"] = Numbers(truncated.Select(v => whole.Scale(v))),
            ["uint8_from_float"] = Integers(values.Select(v => (long)real.ToByte(v))),
            ["uint8_from_int16"] = Integers(truncated.Select(v => (long)whole.ToByte(v))),
            ["label_png"] = Integers(grey.Select(g => (long)g)),
            ["label_las"] = Integers(grey.Select(g => (long)ReleasedHeartLabels.ClassOf(g, keepsStructures: true))),
            ["label_as_run_by_README"] = Integers(grey.Select(g => (long)ReleasedHeartLabels.ClassOf(g, keepsStructures: false))),
        };
    }
}
