namespace Conjoint.Imaging;

/// <summary>Minimum, maximum, mean and, for masks, the count of each value, gathered while values pass by.</summary>
internal sealed class ValueStatistics(bool countLabels)
{
    // More distinct values than a label map of organs or tumours would have.
    private const int MaxLabels = 64;
    private readonly SortedDictionary<long, long> _labels = [];
    private bool _isLabelLike = countLabels;
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private double _sum;
    private long _finite;

    public long NonFinite { get; private set; }

    public double? Min => _finite > 0 ? _min : null;

    public double? Max => _finite > 0 ? _max : null;

    public double? Mean => _finite > 0 ? _sum / _finite : null;

    public bool IsConstant => _finite > 0 && _min == _max;

    /// <summary>Voxels of each value, when there are few values; null otherwise.</summary>
    public IReadOnlyDictionary<long, long>? Labels => _isLabelLike && _finite > 0 ? _labels : null;

    public void Add(ReadOnlySpan<double> values)
    {
        if (_isLabelLike)
            CountLabels(values);

        double min = _min, max = _max, sum = 0;
        long finite = 0;
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                continue;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            sum += value;
            finite++;
        }

        (_min, _max) = (min, max);
        _sum += sum;
        _finite += finite;
        NonFinite += values.Length - finite;
    }

    private void CountLabels(ReadOnlySpan<double> values)
    {
        for (var at = 0; at < values.Length;)
        {
            // Labels come in runs, so that the dictionary is asked once a run.
            var value = values[at];
            var run = values[at..].IndexOfAnyExcept(value);
            run = run < 0 ? values.Length - at : run;
            at += run;

            var label = (long)value;
            var isNew = !_labels.TryGetValue(label, out var count);
            if (label != value || (isNew && _labels.Count == MaxLabels))
            {
                _isLabelLike = false;
                _labels.Clear();
                return;
            }

            _labels[label] = count + run;
        }
    }
}
