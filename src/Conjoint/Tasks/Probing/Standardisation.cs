namespace Conjoint.Tasks.Probing;

/// <summary>Features less their mean, over their standard deviation, both of the training samples alone.</summary>
internal sealed class Standardisation
{
    private readonly double[] _mean, _scale;

    private Standardisation(double[] mean, double[] scale) => (_mean, _scale) = (mean, scale);

    /// <summary>Measures them.</summary>
    /// <param name="features">[n][F]; at least one sample.</param>
    public static Standardisation Of(IReadOnlyList<float[]> features)
    {
        var (mean, scale) = (new double[features[0].Length], new double[features[0].Length]);
        foreach (var sample in features)
        {
            for (var j = 0; j < mean.Length; j++)
                mean[j] += sample[j] / (double)features.Count;
        }

        foreach (var sample in features)
        {
            for (var j = 0; j < mean.Length; j++)
                scale[j] += (sample[j] - mean[j]) * (sample[j] - mean[j]) / features.Count;
        }

        for (var j = 0; j < scale.Length; j++)
            scale[j] = scale[j] > 1e-12 ? Math.Sqrt(scale[j]) : 1; // a feature that never changes says nothing, whatever its unit
        return new Standardisation(mean, scale);
    }

    /// <summary>One sample on this scale, [F].</summary>
    public double[] Apply(float[] sample)
    {
        var scaled = new double[sample.Length];
        for (var j = 0; j < scaled.Length; j++)
            scaled[j] = (sample[j] - _mean[j]) / _scale[j];
        return scaled;
    }
}
