using System.Numerics;
using System.Text.Json;
using Conjoint.Data.Augmentation;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Tests.Data.Augmentation;

/// <summary>
/// The seven volume transforms against TorchIO 0.19.3 with given draws. The cases were computed in float64 and stored as float32: in
/// float64 what is left is the rounding of the storage (1e-6 of the largest value), in float32 the case states its tolerance.
/// </summary>
public sealed class AugmentationGoldenTests
{
    /// <summary>The cases kept with the tests, and all of CONJOINT_GOLDEN_DIR when it is set.</summary>
    public static TheoryData<string> Cases()
    {
        var kept = Path.Combine(AppContext.BaseDirectory, "Golden", "Cases");
        var folders = new[] { kept, Environment.GetEnvironmentVariable("CONJOINT_GOLDEN_DIR") }.OfType<string>();
        var files = folders.SelectMany(folder => Directory.EnumerateFiles(folder, "aug3d_*.safetensors"));
        return [.. files.DistinctBy(Path.GetFileName).Order(StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees_in_double_precision(string path) => Check<double>(path, (_, largest) => 1e-6 * largest);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees_in_single_precision(string path) => Check<float>(path, (stated, _) => stated);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_transform_survives_json(string path)
    {
        using var file = new Case(path);
        var transform = file.Transform();

        var replayed = JsonSerializer.Deserialize<VolumeTransform>(JsonSerializer.Serialize(transform));

        Assert.Equal(transform, replayed);
    }

    private static void Check<T>(string path, Func<double, double, double> tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var file = new Case(path);
        var transform = file.Transform();
        var volume = file.Volume<T>("x");
        T[] result;
        if (transform is NoiseTransform noise)
        {
            result = new T[volume.Length];
            noise.Apply<T>(volume, file.Volume<T>("noise"), result);
        }
        else
        {
            result = transform.Apply<T>(volume, file.Grid);
        }

        file.AssertClose("y", result, tolerance);
        switch (transform)
        {
            case BiasFieldTransform field:
                var ones = new T[volume.Length];
                ones.AsSpan().Fill(T.One);
                file.AssertClose("field", field.Apply<T>(ones, file.Grid), tolerance);
                break;
            case AnisotropyTransform anisotropy:
                file.AssertClose("low", TakeOut(anisotropy, volume, file.Grid), tolerance);
                break;
            case AffineTransform affine:
                CheckPositions(file, affine.InputIndices(file.Grid));
                break;
        }
    }

    private static T[] TakeOut<T>(AnisotropyTransform transform, T[] volume, VolumeGrid grid)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var taken = transform.TakenFrom(grid.Size(transform.Axis));
        var sizes = new[] { grid.X, grid.Y, grid.Z };
        sizes[(int)transform.Axis] = taken.Length;
        var low = new List<T>();
        for (var z = 0; z < sizes[2]; z++)
        {
            for (var y = 0; y < sizes[1]; y++)
            {
                for (var x = 0; x < sizes[0]; x++)
                {
                    var from = new[] { x, y, z };
                    from[(int)transform.Axis] = taken[from[(int)transform.Axis]];
                    low.Add(from.Contains(-1) ? T.Zero : volume[from[0] + grid.X * (from[1] + grid.Y * from[2])]);
                }
            }
        }

        return [.. low];
    }

    private static void CheckPositions(Case file, IndexMap map)
    {
        var grid = file.Grid;
        using var inside = file.Expected("inside");
        var sizes = new[] { grid.X, grid.Y, grid.Z };
        for (var x = 0; x < grid.X; x++)
        {
            for (var y = 0; y < grid.Y; y++)
            {
                for (var z = 0; z < grid.Z; z++)
                {
                    var isInside = Enumerable.Range(0, 3).All(axis => map.At(axis, x, y, z) >= -0.5 && map.At(axis, x, y, z) < sizes[axis] - 0.5);
                    using var expected = inside[x, y, z];
                    Assert.Equal(expected.item<bool>(), isInside);
                }
            }
        }

        using var coordinates = file.Expected("first_rows_coordinates");
        for (var z = 0; z < grid.Z; z++)
        {
            for (var axis = 0; axis < 3; axis++)
            {
                using var expected = coordinates[z, axis];
                Assert.Equal(expected.item<float>(), map.At(axis, 0, 0, z), 1e-6 * 10);
            }
        }
    }

    /// <summary>One golden file; its arrays [X, Y, Z] in C order become volumes with x fastest.</summary>
    private sealed class Case(string path) : IDisposable
    {
        private readonly SafetensorsFile _file = Safetensors.Read(path);

        public VolumeGrid Grid
        {
            get
            {
                var shape = Numbers("shape");
                var spacing = Numbers("spacing_mm");
                return new VolumeGrid((int)shape[0], (int)shape[1], (int)shape[2], new AxisValues(spacing[0], spacing[1], spacing[2]));
            }
        }

        public void Dispose() => _file.Dispose();

        public Tensor Expected(string name) => _file.Tensors[$"out.{name}"].alias();

        public T[] Volume<T>(string name)
            where T : unmanaged, INumberBase<T>
        {
            using var turned = _file.Tensors[name].permute(2, 1, 0).contiguous();
            return Array.ConvertAll(turned.data<float>().ToArray(), T.CreateChecked);
        }

        public VolumeTransform Transform()
        {
            var kind = _file.Metadata["case"]["aug3d_".Length..];
            return kind switch
            {
                _ when kind.StartsWith("flip", StringComparison.Ordinal) =>
                    new FlipTransform(Numbers("axes_flipped").Contains(0), Numbers("axes_flipped").Contains(1), Numbers("axes_flipped").Contains(2)),
                _ when kind.StartsWith("affine", StringComparison.Ordinal) =>
                    new AffineTransform(Axes("scales"), Axes("degrees"), Axes("translation_mm")),
                _ when kind.StartsWith("anisotropy", StringComparison.Ordinal) =>
                    new AnisotropyTransform((VolumeAxis)(int)Number("axis"), Number("downsampling")),
                _ when kind.StartsWith("noise", StringComparison.Ordinal) => new NoiseTransform(Number("mean"), Number("std"), Seed: 0),
                _ when kind.StartsWith("blur", StringComparison.Ordinal) => new BlurTransform(Axes("std_mm")),
                _ when kind.StartsWith("bias_field", StringComparison.Ordinal) =>
                    new BiasFieldTransform((int)Number("order"), Array.ConvertAll(_file.Tensors["coefficients"].data<float>().ToArray(), c => (double)c)),
                _ when kind.StartsWith("gamma", StringComparison.Ordinal) => new GammaTransform(Number("log_gamma")),
                _ => throw new InvalidOperationException($"{path}: no transform of this kind is known."),
            };
        }

        public void AssertClose<T>(string name, T[] actual, Func<double, double, double> tolerance)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var document = JsonDocument.Parse(_file.Metadata["tolerance"]);
            var stated = document.RootElement.GetProperty(name);
            var allowed = tolerance(stated.GetProperty("atol").GetDouble(), stated.GetProperty("max_abs").GetDouble());
            var expected = Volume<double>($"out.{name}");
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++)
            {
                var difference = Math.Abs(expected[i] - double.CreateChecked(actual[i]));
                Assert.True(difference <= allowed, $"{path}, {name}[{i}]: {actual[i]} is {difference:g3} from {expected[i]}, more than {allowed:g3}.");
            }
        }

        private AxisValues Axes(string key) => Numbers(key) is [var x, var y, var z] ? new AxisValues(x, y, z) : throw new InvalidOperationException(key);

        private double Number(string key) => JsonSerializer.Deserialize<double>(_file.Metadata[key]);

        private double[] Numbers(string key) => JsonSerializer.Deserialize<double[]>(_file.Metadata[key])!;
    }
}
