using Conjoint.Data;
using Conjoint.Tasks.Embeddings;
using Conjoint.Training;

namespace Conjoint.Tasks.Probing;

/// <summary>The features of all cases of a probe, [n][F]: training, validation, test.</summary>
internal sealed class FeatureSource
{
    private const int Told = 100; // cases between two lines of progress

    private readonly StoreCase[] _cases;
    private readonly ProbeFeatures _features;
    private readonly int _slices;
    private readonly IRunObserver _observer;
    private readonly CancellationToken _cancellation;

    public FeatureSource(PreparedStore store, ProbeCases cases, int slices, IRunObserver observer, CancellationToken cancellation)
    {
        (_slices, _observer, _cancellation) = (slices, observer, cancellation);
        _cases = [.. cases.All];
        IsVolume = _cases.Any(c => c.Slices > 1);
        _features = new ProbeFeatures(store, IsVolume);
    }

    /// <summary>Whether there are volumes among the cases.</summary>
    public bool IsVolume { get; }

    /// <summary>An encoder's features, from one look at every case.</summary>
    public IEnumerable<(string Name, float[][] Values)> Encoded(Embedder embedder, bool withVolumes, string slices, string volume)
    {
        var both = Each(slices, (c, chosen) => _features.Both(embedder, c, chosen));
        yield return (slices, [.. both.Select(b => b.Slices)]);
        if (withVolumes)
            yield return (volume, [.. both.Select(b => b.Volume!)]);
    }

    /// <summary>The pixels.</summary>
    public float[][] Pixels() => Each(ProbeFeatureNames.Pixels, (c, chosen) => _features.Pixels(c, chosen)[0]);

    /// <summary>The grey values.</summary>
    public float[][] Histogram() => Each(ProbeFeatureNames.Histogram, (c, chosen) => _features.Histogram(c, chosen)[0]);

    private T[] Each<T>(string name, Func<StoreCase, int[], T> of)
    {
        var values = new T[_cases.Length];
        for (var i = 0; i < values.Length; i++)
        {
            _cancellation.ThrowIfCancellationRequested();
            values[i] = of(_cases[i], ProbeFeatures.Slices(_cases[i], _slices));
            if ((i + 1) % Told == 0)
                _observer.Log(FormattableString.Invariant($"{name}: {i + 1} of {values.Length} cases"));
        }

        return values;
    }
}
