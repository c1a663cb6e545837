using BenchmarkDotNet.Attributes;
using Conjoint.Data.Augmentation;

namespace Conjoint.Bench;

/// <summary>One crop of a 512×512 slice with the parameters of a training run drawn anew each time, one thread.</summary>
[MemoryDiagnoser]
public class MultiCropBenchmarks
{
    private readonly MultiCrop _multiCrop = new(new MultiCropSettings());
    private readonly RandomStream _random = RandomStream.For(1);
    private readonly float[] _slice = Phantom.Make(512 * 512);
    private CropSettings _crop = null!;
    private float[] _destination = null!;

    /// <summary>224 draws from 0.14 to 1 of the area, 96 from 0.05 to 0.14.</summary>
    [Params(224, 96)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _crop = _multiCrop.Settings.Crops.Single(crop => crop.Size == Size);
        _destination = new float[Size * Size];
    }

    [Benchmark]
    public CropDraw Crop() => _multiCrop.Apply(_slice, 512, 512, _random, _destination, _crop);
}

/// <summary>One transform of a volume of 128×128×64 voxels (the released code's size), parameters drawn anew each time, one thread.</summary>
[MemoryDiagnoser]
public class VolumeTransformBenchmarks
{
    private static readonly VolumeGrid Grid = new(128, 128, 64);
    private readonly VolumeTransformSettings _settings = new() { FlipProbability = 1 };
    private readonly RandomStream _random = RandomStream.For(1);
    private readonly float[] _volume = Phantom.Make(Grid.VoxelCount);
    private readonly float[] _destination = new float[Grid.VoxelCount];

    [ParamsAllValues]
    public VolumeTransformKind Kind { get; set; }

    [Benchmark]
    public void Transform() => VolumeTransforms.Draw(Kind, Grid, _settings, _random).Apply(_volume, Grid, _destination);
}

internal static class Phantom
{
    /// <summary>Numbers of [0, 1) in no order; the speed depends on none of them.</summary>
    public static float[] Make(int count)
    {
        var random = RandomStream.For(0);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)random.NextDouble();
        }

        return values;
    }
}
