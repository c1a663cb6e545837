namespace Conjoint.Imaging.Jpeg2000;

/// <summary>A rectangle on some grid: from (X0, Y0) up to, but without, (X1, Y1).</summary>
internal readonly record struct Bounds(int X0, int Y0, int X1, int Y1)
{
    public int Width => Math.Max(0, X1 - X0);

    public int Height => Math.Max(0, Y1 - Y0);

    public bool IsEmpty => Width == 0 || Height == 0;

    public Bounds Intersect(Bounds other) =>
        new(Math.Max(X0, other.X0), Math.Max(Y0, other.Y0), Math.Min(X1, other.X1), Math.Min(Y1, other.Y1));

    /// <summary>The grid with every 2ⁿ-th point, beginning at an offset: ceil((x - offset) / 2ⁿ).</summary>
    public Bounds Every(int n, long offsetX = 0, long offsetY = 0) =>
        new(Ceiling(X0 - offsetX, n), Ceiling(Y0 - offsetY, n), Ceiling(X1 - offsetX, n), Ceiling(Y1 - offsetY, n));

    private static int Ceiling(long value, int n) => (int)((value + (1L << n) - 1) >> n);
}
