namespace Conjoint.Data;

/// <summary>
/// How the authors' released preprocessing of the MMWHS hearts makes 8-bit slices: <see cref="Runtime.IntensityRule.Released"/>, to compare
/// with their numbers.
/// </summary>
/// <param name="Low">Values below become this: a percentile of the whole volume.</param>
/// <param name="High">Values above become this: a percentile of the whole volume.</param>
/// <param name="Mean">Mean of the clipped volume.</param>
/// <param name="Std">Population standard deviation of the clipped volume.</param>
/// <remarks>
/// The result is (x − mean) / std / 10, clipped to [0, 1]: ten standard deviations above the mean would be 1, and everything below the
/// mean is 0. Half of the range of grey values is thus lost, and most of the rest is never reached.
/// </remarks>
public sealed record ReleasedIntensity(double Low, double High, double Mean, double Std)
{
    private const double StdsToOne = 10;

    /// <summary>Measures a volume.</summary>
    /// <param name="values">All its values; finite, not empty.</param>
    /// <param name="areWhole">
    /// Whether the file stores whole numbers: the release writes its percentiles into the array that it read, which cuts their fractions off.
    /// </param>
    /// <param name="lowPercentile">Percentile of <see cref="Low"/>, linear between ranks.</param>
    /// <param name="highPercentile">Percentile of <see cref="High"/>.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static ReleasedIntensity Of(ReadOnlySpan<float> values, bool areWhole, double lowPercentile = 0.5, double highPercentile = 99.5)
    {
        if (values.IsEmpty)
            throw new ArgumentException("A volume without values has no intensity.", nameof(values));
        var bounds = OrderStatistics.Percentiles(values, lowPercentile, highPercentile);
        var (low, high) = areWhole ? (Math.Truncate(bounds[0]), Math.Truncate(bounds[1])) : (bounds[0], bounds[1]);

        var sum = 0.0;
        foreach (var value in values)
            sum += Math.Clamp(value, low, high);
        var mean = sum / values.Length;
        var squares = 0.0;
        foreach (var value in values)
        {
            var deviation = Math.Clamp(value, low, high) - mean;
            squares += deviation * deviation;
        }

        return new ReleasedIntensity(low, high, mean, Math.Sqrt(squares / values.Length));
    }

    /// <summary>A value in [0, 1]; 0 everywhere in a constant volume.</summary>
    public double Scale(double value) =>
        Std > 0 ? Math.Clamp((Math.Clamp(value, Low, High) - Mean) / Std / StdsToOne, 0, 1) : 0;

    /// <summary>The grey value of the PNG slice: 255 times <see cref="Scale"/>, cut off.</summary>
    public byte ToByte(double value) => (byte)(Scale(value) * byte.MaxValue);
}
