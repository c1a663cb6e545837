using Conjoint.Data;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Conjoint.Tests.Data;

public sealed class SliceGeometryTests
{
    [Fact]
    public void A_slice_of_the_right_size_passes_unchanged()
    {
        var geometry = SliceGeometry.Fit(8, 8, 0.7, 0.7, 8);
        var slice = Samples.Values(64, 1);
        var square = new float[64];
        geometry.Forward(slice, square);
        Assert.Equal(slice, square);
        geometry.Back(square, slice);
        Assert.Equal(slice, square);
    }

    [Fact]
    public void Proportions_in_millimetres_are_kept_and_the_rest_is_zero()
    {
        // 10 rows of 2 mm and 40 columns of 1 mm: 20 × 40 mm.
        var geometry = SliceGeometry.Fit(10, 40, 2, 1, 16);
        Assert.Equal((8, 16, 4, 0), (geometry.InnerHeight, geometry.InnerWidth, geometry.Top, geometry.Left));
        Assert.Equal((2.5, 2.5), (geometry.RowSpacingMm, geometry.ColumnSpacingMm));
        var square = new float[256];
        geometry.Forward([.. Enumerable.Repeat(1f, 400)], square);
        for (var y = 0; y < 16; y++)
            Assert.All(square[(y * 16)..(y * 16 + 16)], v => Assert.Equal(y is >= 4 and < 12 ? 1f : 0f, v, 1e-6f));
    }

    [Fact]
    public void Shrinking_averages_fine_stripes()
    {
        var geometry = SliceGeometry.Fit(64, 64, 1, 1, 8);
        var square = new float[64];
        geometry.Forward([.. Enumerable.Range(0, 64 * 64).Select(i => (float)(i % 2))], square);
        Assert.All(square, v => Assert.Equal(0.5f, v, 0.02f));
    }

    [Fact]
    public void Resizing_agrees_with_the_tensor_library()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var slice = Samples.Values(13 * 29, 3);
        var geometry = SliceGeometry.Fit(13, 29, 20.0 / 13, 20.0 / 29, 20); // both axes fill the square
        var square = new float[400];
        geometry.Forward(slice, square);
        var expected = TorchSharp.torch.nn.functional.interpolate(
            TorchSharp.torch.tensor(slice).reshape(1, 1, 13, 29), [20, 20], mode: TorchSharp.torch.InterpolationMode.Bilinear, align_corners: false, antialias: true);
        var theirs = expected.data<float>().ToArray();
        for (var i = 0; i < 400; i++)
            Assert.Equal(theirs[i], square[i], 1e-3f);
    }

    [Property(MaxTest = 100)]
    public Property Labels_enlarged_to_the_square_and_back_are_the_same() => Prop.ForAll(Sizes().ToArbitrary(), size =>
    {
        var (height, width, extra) = size;
        var geometry = SliceGeometry.Fit(height, width, 1, 1, Math.Max(height, width) * extra);
        var labels = Samples.Values(height * width, height * 100 + width, 5).Select(v => (ushort)v).ToArray();
        var square = new ushort[geometry.Size * geometry.Size];
        geometry.ForwardLabels(labels, square);
        // The way back for labels is that of their indicator maps.
        var best = new float[labels.Length];
        var back = new ushort[labels.Length];
        var map = new float[labels.Length];
        for (var label = 0; label < 5; label++)
        {
            geometry.Back([.. square.Select(v => v == label ? 1f : 0f)], map);
            for (var i = 0; i < map.Length; i++)
            {
                if (map[i] > best[i])
                    (best[i], back[i]) = (map[i], (ushort)label);
            }
        }

        return back.SequenceEqual(labels);
    });

    [Property(MaxTest = 100)]
    public Property Smooth_slices_come_back_nearly_the_same() => Prop.ForAll(Sizes().ToArbitrary(), size =>
    {
        var (height, width, extra) = size;
        var geometry = SliceGeometry.Fit(height, width, 1, 1.3, Math.Max(height, width) * extra);
        var slice = Enumerable.Range(0, height * width).Select(i => 0.3f + 0.01f * (i % width) + 0.02f * (i / width)).ToArray();
        var square = new float[geometry.Size * geometry.Size];
        var back = new float[slice.Length];
        geometry.Forward(slice, square);
        geometry.Back(square, back);
        return slice.Zip(back).All(pair => Math.Abs(pair.First - pair.Second) < 0.021);
    });

    [Property(MaxTest = 100)]
    public Property Boxes_go_to_the_square_and_back() => Prop.ForAll(Sizes().ToArbitrary(), size =>
    {
        var (height, width, extra) = size;
        var geometry = SliceGeometry.Fit(height, width, 0.8, 1.1, 16 * extra);
        var box = new Box(0.1 * width, 0.2 * height, 0.7 * width, height, "a");
        var square = geometry.Forward(box);
        var back = geometry.Back(square);
        return square.X1 >= geometry.Left && square.Y2 <= geometry.Top + geometry.InnerHeight + 1e-9
            && Math.Abs(back.X1 - box.X1) + Math.Abs(back.Y1 - box.Y1) + Math.Abs(back.X2 - box.X2) + Math.Abs(back.Y2 - box.Y2) < 1e-9;
    });

    private static Gen<(int Height, int Width, int Extra)> Sizes() =>
        from height in Gen.Choose(1, 24)
        from width in Gen.Choose(1, 24)
        from extra in Gen.Choose(1, 3)
        select (height, width, extra);
}
