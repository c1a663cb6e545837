using System.Numerics;
using System.Text.Json;
using Conjoint.Data.Augmentation;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>
/// The seven volume transforms with given draws: TorchIO 0.19.3. The files hold arrays [X, Y, Z] in C order; a volume here has x fastest.
/// </summary>
internal sealed class VolumeTransformApplied : IGoldenKind
{
    public string Prefix => "aug3d";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden) =>
        golden.Type == ScalarType.Float64 ? Compute<double>(golden) : Compute<float>(golden);

    private static Dictionary<string, Tensor> Compute<T>(GoldenCase golden)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] shape = golden.Ints("shape");
        var grid = new VolumeGrid(shape[0], shape[1], shape[2], Axes(golden, "spacing_mm"));
        var volume = Volume<T>(golden["x"]);
        var transform = Transform(golden);
        var outputs = new Dictionary<string, Tensor>();
        if (transform is NoiseTransform noise)
        {
            var noisy = new T[volume.Length];
            noise.Apply<T>(volume, Volume<T>(golden["noise"]), noisy);
            outputs["y"] = Stored(noisy, shape);
            return outputs;
        }

        outputs["y"] = Stored(transform.Apply<T>(volume, grid), shape);
        switch (transform)
        {
            case BiasFieldTransform:
                volume.AsSpan().Fill(T.One); // what becomes of ones is the field
                outputs["field"] = Stored(transform.Apply<T>(volume, grid), shape);
                break;
            case AnisotropyTransform anisotropy:
                outputs["low"] = TakeOut(anisotropy, golden["x"]);
                break;
            case AffineTransform affine:
                var map = affine.InputIndices(grid);
                outputs["inside"] = Inside(map, shape);
                outputs["first_rows_coordinates"] = FirstRow(map, shape[2]);
                break;
        }

        return outputs;
    }

    private static VolumeTransform Transform(GoldenCase golden) => golden.Name["aug3d_".Length..].Split('_')[0] switch
    {
        "flip" when golden.Ints("axes_flipped") is var axes => new FlipTransform(axes.Contains(0), axes.Contains(1), axes.Contains(2)),
        "affine" => new AffineTransform(Axes(golden, "scales"), Axes(golden, "degrees"), Axes(golden, "translation_mm")),
        "anisotropy" => new AnisotropyTransform((VolumeAxis)golden.Int("axis"), golden.Number("downsampling")),
        "noise" => new NoiseTransform(golden.Number("mean"), golden.Number("std"), Seed: 0),
        "blur" => new BlurTransform(Axes(golden, "std_mm")),
        "bias" => new BiasFieldTransform(golden.Int("order"), golden.Values("coefficients")),
        "gamma" => new GammaTransform(golden.Number("log_gamma")),
        _ => throw new InvalidDataException($"{golden.Name}: no such transform"),
    };

    private static AxisValues Axes(GoldenCase golden, string key) =>
        JsonSerializer.Deserialize<double[]>(golden.Text(key)) is [var x, var y, var z]
            ? new AxisValues(x, y, z)
            : throw new InvalidDataException($"{golden.Name}: '{key}' must hold three numbers");

    private static T[] Volume<T>(Tensor stored)
        where T : unmanaged => stored.permute(2, 1, 0).contiguous().data<T>().ToArray();

    private static Tensor Stored<T>(T[] volume, int[] shape)
        where T : unmanaged, INumberBase<T> => tensor(Array.ConvertAll(volume, double.CreateChecked)).reshape(shape[2], shape[1], shape[0]).permute(2, 1, 0);

    private static Tensor TakeOut(AnisotropyTransform transform, Tensor stored)
    {
        var axis = (int)transform.Axis;
        var slices = transform.TakenFrom((int)stored.shape[axis]).Select(from => from < 0 ? zeros_like(stored.select(axis, 0)) : stored.select(axis, from));
        return stack(slices, axis);
    }

    private static Tensor Inside(IndexMap map, int[] shape)
    {
        var inside = new bool[shape[0], shape[1], shape[2]];
        for (var x = 0; x < shape[0]; x++)
        {
            for (var y = 0; y < shape[1]; y++)
            {
                for (var z = 0; z < shape[2]; z++)
                    inside[x, y, z] = Enumerable.Range(0, 3).All(axis => map.At(axis, x, y, z) >= -0.5 && map.At(axis, x, y, z) < shape[axis] - 0.5);
            }
        }

        return tensor(inside);
    }

    private static Tensor FirstRow(IndexMap map, int slices)
    {
        var coordinates = new double[slices, 3];
        for (var z = 0; z < slices; z++)
        {
            for (var axis = 0; axis < 3; axis++)
                coordinates[z, axis] = map.At(axis, 0, 0, z);
        }

        return tensor(coordinates);
    }
}
