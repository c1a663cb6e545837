namespace Conjoint.Imaging.Jpeg2000;

/// <summary>One resolution of a tile-component (T.800 B.5 to B.7).</summary>
internal sealed class Resolution
{
    private readonly CodingStyle _style;
    private readonly Precinct?[] _precincts;
    private readonly int _precinctWidth;
    private readonly int _precinctHeight;

    /// <param name="component">Bounds of the tile-component.</param>
    /// <param name="number">From 0, the smallest.</param>
    /// <param name="style">How it is coded.</param>
    /// <param name="mostPrecincts">More than this can't have a packet each.</param>
    public Resolution(Bounds component, int number, CodingStyle style, long mostPrecincts)
    {
        (_style, Number) = (style, number);
        Bounds = component.Every(style.Levels - number);
        (_precinctWidth, _precinctHeight) = style.Precincts[number];
        var level = style.Levels - number + (number == 0 ? 0 : 1);
        Bands = number == 0
            ? [new Band(component.Every(level), 0, 0)]
            :
            [
                new Band(component.Every(level, 1L << (level - 1), 0), 0, 1),
                new Band(component.Every(level, 0, 1L << (level - 1)), 1, 0),
                new Band(component.Every(level, 1L << (level - 1), 1L << (level - 1)), 2, 2),
            ];

        Across = Bounds.IsEmpty ? 0 : Cells(Bounds.X0, Bounds.X1, _precinctWidth);
        Down = Bounds.IsEmpty ? 0 : Cells(Bounds.Y0, Bounds.Y1, _precinctHeight);
        var count = (long)Across * Down;
        if (count > mostPrecincts)
            throw new InvalidDataException("it has more precincts than its bytes can hold");
        _precincts = new Precinct?[count];
    }

    /// <summary>A sub-band.</summary>
    /// <param name="Bounds">Its coefficients.</param>
    /// <param name="Index">Place among the resolution's bands.</param>
    /// <param name="Orientation">0 LL and LH, 1 HL, 2 HH.</param>
    internal sealed record Band(Bounds Bounds, int Index, int Orientation);

    public int Number { get; }

    public Bounds Bounds { get; }

    public IReadOnlyList<Band> Bands { get; }

    /// <summary>Precincts in a row.</summary>
    public int Across { get; }

    public int Down { get; }

    public int PrecinctCount => _precincts.Length;

    /// <summary>Precincts that had a packet.</summary>
    public IEnumerable<Precinct> UsedPrecincts => _precincts.OfType<Precinct>();

    /// <summary>Where a precinct lies on the reference grid, for orders by position (T.800 B.12.1.3).</summary>
    public (long X, long Y) Place(int precinct, Bounds tile)
    {
        var shift = _style.Levels - Number;
        var (column, row) = (precinct % Across, precinct / Across);
        return (Edge(Bounds.X0, tile.X0, column, _precinctWidth, shift), Edge(Bounds.Y0, tile.Y0, row, _precinctHeight, shift));

        // Precincts begin at multiples of their size; one that the tile's edge cuts begins with the tile.
        static long Edge(int first, int tile, int cell, int exponent, int shift) =>
            cell == 0 && (first & ((1L << exponent) - 1)) != 0 ? tile : ((first >> exponent) + (long)cell) << (exponent + shift);
    }

    /// <summary>A precinct, made at its first packet.</summary>
    public Precinct Precinct(int index, ref long blocksLeft)
    {
        if (_precincts[index] is { } known)
            return known;
        // Bands of higher resolutions have half the precinct's size.
        var shrink = Number == 0 ? 0 : 1;
        var (width, height) = (_precinctWidth - shrink, _precinctHeight - shrink);
        long column = (Bounds.X0 >> _precinctWidth) + index % Across, row = (Bounds.Y0 >> _precinctHeight) + index / Across;
        var cell = new Bounds(Edge(column, width), Edge(row, height), Edge(column + 1, width), Edge(row + 1, height));
        var precinct = new Precinct(Bands, cell, Math.Min(_style.BlockWidth, width), Math.Min(_style.BlockHeight, height), ref blocksLeft);
        return _precincts[index] = precinct;
    }

    private static int Edge(long cell, int exponent) => (int)Math.Min(int.MaxValue, cell << exponent);

    private static int Cells(int from, int to, int exponent) => (int)(((to + (1L << exponent) - 1) >> exponent) - (from >> exponent));
}
