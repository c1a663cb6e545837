using static TorchSharp.torch;

namespace Conjoint.Nets.Detection;

/// <summary>A rectangle by its corners, in pixels of the image that the net sees: x along a row, y down the rows, corners at pixel edges.</summary>
/// <param name="X1">Left edge.</param>
/// <param name="Y1">Upper edge.</param>
/// <param name="X2">Right edge; at least <paramref name="X1"/> in a sound box.</param>
/// <param name="Y2">Lower edge; at least <paramref name="Y1"/> in a sound box.</param>
public readonly record struct BoxCorners(double X1, double Y1, double X2, double Y2)
{
    /// <summary>Width in pixels.</summary>
    public double Width => X2 - X1;

    /// <summary>Height in pixels.</summary>
    public double Height => Y2 - Y1;

    /// <summary>Width × height, without the extra pixel of older programs.</summary>
    public double Area => Width * Height;

    /// <summary>Whether all four edges are numbers.</summary>
    public bool IsFinite => double.IsFinite(X1 + Y1 + X2 + Y2);

    /// <summary>Intersection over union with another box.</summary>
    /// <returns>In [0, 1]; NaN when neither has an area.</returns>
    public double Iou(in BoxCorners other)
    {
        var intersection = Intersection(other);
        return intersection / (Area + other.Area - intersection);
    }

    /// <summary>Generalised IoU: the IoU less the share of the smallest box around both that neither fills.</summary>
    /// <returns>In (−1, 1]; NaN when the box around both has no area.</returns>
    /// <remarks>Source: Rezatofighi et al., "Generalized Intersection over Union" (2019).</remarks>
    public double GeneralisedIou(in BoxCorners other)
    {
        var intersection = Intersection(other);
        var union = Area + other.Area - intersection;
        var around = new BoxCorners(Math.Min(X1, other.X1), Math.Min(Y1, other.Y1), Math.Max(X2, other.X2), Math.Max(Y2, other.Y2)).Area;
        return intersection / union - (around - union) / around;
    }

    /// <summary>The part inside an image; a box outside becomes one without area at its edge.</summary>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    public BoxCorners ClipTo(int height, int width) => new(
        Math.Clamp(X1, 0, width), Math.Clamp(Y1, 0, height), Math.Clamp(X2, 0, width), Math.Clamp(Y2, 0, height));

    /// <summary>The same box elsewhere.</summary>
    /// <param name="x">Pixels to the right.</param>
    /// <param name="y">Pixels down.</param>
    public BoxCorners Shift(double x, double y) => new(X1 + x, Y1 + y, X2 + x, Y2 + y);

    /// <summary>Rows [n, 4] (x1, y1, x2, y2) of any floating-point type, on any device.</summary>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static BoxCorners[] FromTensor(Tensor rows) => FourColumns.Read(rows, (x1, y1, x2, y2) => new BoxCorners(x1, y1, x2, y2));

    /// <summary>[n, 4] in float64 on the CPU; the caller's.</summary>
    public static Tensor ToTensor(IReadOnlyCollection<BoxCorners> boxes)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        return FourColumns.Write([.. boxes.Select(b => new[] { b.X1, b.Y1, b.X2, b.Y2 })]);
    }

    private double Intersection(in BoxCorners other) =>
        Math.Max(0, Math.Min(X2, other.X2) - Math.Max(X1, other.X1)) * Math.Max(0, Math.Min(Y2, other.Y2) - Math.Max(Y1, other.Y1));
}
