using System.Numerics;
using System.Text.Json;
using Conjoint.Data.Augmentation;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>TorchIO's seven volume transforms with given draws.</summary>
internal sealed class VolumeAugmentation : IGoldenKind
{
    public string Prefix => "aug3d";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden) =>
        golden.Type == ScalarType.Float64 ? Compute<double>(golden) : Compute<float>(golden);

    private static Dictionary<string, Tensor> Compute<T>(GoldenCase golden)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (shape, spacing) = (golden.Ints("shape"), Numbers(golden, "spacing_mm"));
        var grid = new VolumeGrid(shape[0], shape[1], shape[2], new AxisValues(spacing[0], spacing[1], spacing[2]));
        var x = Volume<T>(golden, "x");
        var transform = Transform(golden);
        T[] y;
        if (transform is NoiseTransform noise)
        {
            y = new T[x.Length];
            noise.Apply<T>(x, Volume<T>(golden, "noise"), y);
        }
        else
        {
            y = transform.Apply<T>(x, grid);
        }

        var outputs = new Dictionary<string, Tensor> { ["y"] = Stored(y, shape) };
        switch (transform)
        {
            case BiasFieldTransform field:
                var ones = new T[x.Length];
                ones.AsSpan().Fill(T.One);
                outputs["field"] = Stored(field.Apply<T>(ones, grid), shape);
                break;
            case AnisotropyTransform anisotropy:
                outputs["low"] = Low(anisotropy, golden["x"], grid);
                break;
            case AffineTransform affine:
                AddPositions(outputs, affine.InputIndices(grid), shape);
                break;
        }

        return outputs;
    }

    /// <summary>The transform that the case's name and metadata describe.</summary>
    private static VolumeTransform Transform(GoldenCase golden)
    {
        double Number(string key) => golden.Number(key);
        AxisValues Axes(string key) => Numbers(golden, key) is [var x, var y, var z] ? new AxisValues(x, y, z) : throw new InvalidDataException(key);
        var kind = golden.Name["aug3d_".Length..];
        bool Is(string name) => kind.StartsWith(name, StringComparison.Ordinal);

        if (Is("flip"))
        {
            var flipped = golden.Ints("axes_flipped");
            return new FlipTransform(flipped.Contains(0), flipped.Contains(1), flipped.Contains(2));
        }

        return Is("affine") ? new AffineTransform(Axes("scales"), Axes("degrees"), Axes("translation_mm"))
            : Is("anisotropy") ? new AnisotropyTransform((VolumeAxis)golden.Int("axis"), Number("downsampling"))
            : Is("noise") ? new NoiseTransform(Number("mean"), Number("std"), Seed: 0)
            : Is("blur") ? new BlurTransform(Axes("std_mm"))
            : Is("bias_field") ? new BiasFieldTransform(golden.Int("order"), golden.Values("coefficients"))
            : Is("gamma") ? new GammaTransform(Number("log_gamma"))
            : throw new InvalidDataException($"{golden.Name}: no transform of this kind is known");
    }

    /// <summary>The planes that the coarse volume takes, zero where it reaches beyond the fine one.</summary>
    private static Tensor Low(AnisotropyTransform anisotropy, Tensor x, VolumeGrid grid)
    {
        var axis = (int)anisotropy.Axis;
        return stack([.. anisotropy.TakenFrom(grid.Size(anisotropy.Axis)).Select(from => from < 0 ? zeros_like(x.select(axis, 0)) : x.select(axis, from))], axis);
    }

    private static void AddPositions(Dictionary<string, Tensor> outputs, IndexMap map, int[] shape)
    {
        bool IsInside(int x, int y, int z) => Enumerable.Range(0, 3).All(axis => map.At(axis, x, y, z) >= -0.5 && map.At(axis, x, y, z) < shape[axis] - 0.5);
        var inside =
            from x in Enumerable.Range(0, shape[0])
            from y in Enumerable.Range(0, shape[1])
            from z in Enumerable.Range(0, shape[2])
            select IsInside(x, y, z);
        outputs["inside"] = tensor([.. inside], [.. shape.Select(n => (long)n)], ScalarType.Bool);
        var firstRow =
            from z in Enumerable.Range(0, shape[2])
            from axis in Enumerable.Range(0, 3)
            select map.At(axis, 0, 0, z);
        outputs["first_rows_coordinates"] = tensor([.. firstRow], [shape[2], 3], ScalarType.Float64);
    }

    private static double[] Numbers(GoldenCase golden, string key) => JsonSerializer.Deserialize<double[]>(golden.Text(key))!;

    /// <summary>A stored [X, Y, Z] in C order with x fastest, as volumes lie in memory.</summary>
    private static T[] Volume<T>(GoldenCase golden, string name)
        where T : unmanaged, INumberBase<T> =>
        Array.ConvertAll(golden[name].permute(2, 1, 0).contiguous().reshape(-1).to(ScalarType.Float64).data<double>().ToArray(), T.CreateChecked);

    private static Tensor Stored<T>(T[] volume, int[] shape)
        where T : unmanaged, INumberBase<T> =>
        tensor(Array.ConvertAll(volume, double.CreateChecked), [shape[2], shape[1], shape[0]], ScalarType.Float64).permute(2, 1, 0);
}
