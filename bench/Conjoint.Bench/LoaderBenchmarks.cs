using BenchmarkDotNet.Attributes;
using Conjoint.Data;
using Conjoint.Data.Augmentation;

namespace Conjoint.Bench;

/// <summary>One epoch of both loaders on a store of eight volumes; with 0 workers everything is done by the thread that asks.</summary>
[MemoryDiagnoser]
public class LoaderBenchmarks
{
    private static readonly PixelNormalisation Normalisation = new(0.5, 0.25);
    private string _folder = null!;
    private PreparedStore _store = null!;

    [Params(0, 2)]
    public int Workers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("conjoint-bench-").FullName;
        _store = BenchStore.Open(_folder);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Eight volumes in two views of 64 × 128².</summary>
    [Benchmark]
    public void Volumes() => Volumes(_store, Workers, epoch: 0);

    /// <summary>64 slices of 192² in two crops of 224 and six of 96.</summary>
    [Benchmark]
    public void Slices() => Slices(_store, Workers, epoch: 0);

    internal static void Volumes(PreparedStore store, int workers, int epoch)
    {
        using var loader = new VolumeViewLoader(
            VolumeSamples.Collect([store], _ => true), new VolumeLoaderSettings { BatchSize = 4, Workers = workers }, new VolumeTransformSettings(), Normalisation, seed: 1, epoch);
        foreach (var batch in loader)
            batch.Dispose();
    }

    internal static void Slices(PreparedStore store, int workers, int epoch)
    {
        var samples = SliceSamples.Collect([store], _ => true).Draw(64, RandomStream.For(1));
        using var loader = new SliceViewLoader(samples, new LoaderSettings { BatchSize = 32, Workers = workers }, new MultiCropSettings(), Normalisation, seed: 1, epoch);
        foreach (var batch in loader)
            batch.Dispose();
    }
}
