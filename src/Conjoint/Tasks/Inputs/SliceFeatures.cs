using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Tasks;

/// <summary>Every slice of a scan through the slice encoder, some at a time, without a graph.</summary>
internal static class SliceFeatures
{
    private const int SlicesAtOnce = 16; // bounds memory

    /// <summary>Y of Eq. (9).</summary>
    /// <param name="encoder">In the mode that is wanted.</param>
    /// <param name="slices">Number of slices N; at least 1.</param>
    /// <param name="geometry">How a slice lies in the net's input.</param>
    /// <param name="read">Where the slices come from.</param>
    /// <param name="input">How they are scaled.</param>
    /// <param name="device">Where the encoder is.</param>
    /// <param name="inColours">released: as three colours with ImageNet's means, see <see cref="ImageNetInput"/>.</param>
    /// <returns>[N, F]; the caller's.</returns>
    public static Tensor Of(SliceEncoder encoder, int slices, SliceGeometry geometry, SliceReader read, InputNormalisation input, Device device, bool inColours = false)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(read);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var parts = new List<Tensor>();
        for (var first = 0; first < slices; first += SlicesAtOnce)
        {
            using var batch = Squares(first, Math.Min(SlicesAtOnce, slices - first), geometry, read, input).to(device);
            parts.Add(encoder.forward(inColours ? ImageNetInput.Of(batch) : batch)); // [count, F]
        }

        return cat(parts, 0).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Slices as a net takes them.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many; at least 1.</param>
    /// <param name="geometry">How a slice lies in the net's input.</param>
    /// <param name="read">Where the slices come from.</param>
    /// <param name="input">How they are scaled.</param>
    /// <returns>[count, 1, S, S] on the processor; the caller's.</returns>
    public static Tensor Squares(int first, int count, SliceGeometry geometry, SliceReader read, InputNormalisation input)
    {
        var (plane, pixels) = (geometry.Height * geometry.Width, input.Size * input.Size);
        var values = new float[count * plane];
        read(first, count, values);
        var squares = new float[count * pixels];
        for (var i = 0; i < count; i++)
            Fit(values.AsSpan(i * plane, plane), geometry, squares.AsSpan(i * pixels, pixels), input);
        new PixelNormalisation(input.Mean, input.Std).Apply(squares);
        return tensor(squares, [count, 1, input.Size, input.Size]);
    }

    private static void Fit(ReadOnlySpan<float> slice, SliceGeometry geometry, Span<float> square, InputNormalisation input)
    {
        if (input.Fit == SliceFit.CropOrPad)
            CentredCrop.Slice(slice, geometry.Height, geometry.Width, square, input.Size);
        else
            geometry.Forward(slice, square);
    }
}
