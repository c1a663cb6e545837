using System.Buffers.Binary;

namespace Conjoint.Imaging.Jpeg2000;

/// <summary>Parses the markers of a codestream (T.800 annex A) and gathers the bytes of each tile.</summary>
internal sealed class Codestream
{
    private const int MaxLevels = 32;
    private const int MaxBits = 26; // 32-bit arithmetic has room for no more with guard bits and fractions
    private const ushort StartOfCodestream = 0xFF4F;
    private const ushort Size = 0xFF51;
    private const ushort CodingDefault = 0xFF52;
    private const ushort CodingComponent = 0xFF53;
    private const ushort RegionOfInterest = 0xFF5E;
    private const ushort QuantisationDefault = 0xFF5C;
    private const ushort QuantisationComponent = 0xFF5D;
    private const ushort ProgressionChange = 0xFF5F;
    private const ushort PackedHeaders = 0xFF60;
    private const ushort PackedTileHeaders = 0xFF61;
    private const ushort StartOfTile = 0xFF90;
    private const ushort StartOfData = 0xFF93;
    private const ushort EndOfCodestream = 0xFFD9;

    private readonly byte[] _bytes;
    private readonly SortedDictionary<int, Tile> _tiles = [];
    private Parameters _main = new();
    private int _at;

    private Codestream(byte[] bytes) => _bytes = bytes;

    /// <summary>The image on the reference grid, and the tiles' size and origin.</summary>
    public int X0 { get; private set; }

    public int Y0 { get; private set; }

    public int X1 { get; private set; }

    public int Y1 { get; private set; }

    public int TileWidth { get; private set; }

    public int TileHeight { get; private set; }

    public int TileX0 { get; private set; }

    public int TileY0 { get; private set; }

    public IReadOnlyList<Component> Components { get; private set; } = [];

    /// <summary>Tiles across.</summary>
    public int TilesAcross => Ceiling(X1 - TileX0, TileWidth);

    public int TilesDown => Ceiling(Y1 - TileY0, TileHeight);

    public IReadOnlyCollection<Tile> Tiles => _tiles.Values;

    /// <summary>What main or tile headers state.</summary>
    internal sealed class Parameters
    {
        public TileStyle? Style { get; set; }

        public CodingStyle? Coding { get; set; }

        public Quantisation? Quantisation { get; set; }

        public Dictionary<int, CodingStyle> ComponentCoding { get; private init; } = [];

        public Dictionary<int, Quantisation> ComponentQuantisation { get; private init; } = [];

        public Parameters Copy() => new()
        {
            Style = Style,
            Coding = Coding,
            Quantisation = Quantisation,
            ComponentCoding = new(ComponentCoding),
            ComponentQuantisation = new(ComponentQuantisation),
        };

        public CodingStyle CodingOf(int component) =>
            ComponentCoding.GetValueOrDefault(component) ?? Coding ?? throw new InvalidDataException("it has no coding style");

        public Quantisation QuantisationOf(int component) =>
            ComponentQuantisation.GetValueOrDefault(component) ?? Quantisation ?? throw new InvalidDataException("it has no quantisation");
    }

    /// <summary>One tile: its parameters and its packets' bytes.</summary>
    internal sealed record Tile(int Index, Parameters Parameters)
    {
        public MemoryStream Data { get; } = new();
    }

    /// <summary>Parses a codestream, with or without the boxes of a JP2 file around it.</summary>
    /// <exception cref="InvalidDataException">Damaged, or of a kind that isn't read here.</exception>
    public static Codestream Parse(byte[] bytes)
    {
        var stream = new Codestream(bytes);
        var start = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]);
        if (start < 0)
            throw new InvalidDataException("it has no start of a codestream");
        stream._at = start + 2;
        stream.ReadMain();
        return stream;
    }

    private static int Ceiling(int length, int by) => (int)(((long)length + by - 1) / by);

    private void ReadMain()
    {
        while (true)
        {
            var marker = ReadUInt16();
            if (marker == EndOfCodestream)
                return;
            if (marker == StartOfTile)
            {
                ReadTilePart();
                // A stream that was cut behind a tile part lacks the end marker only.
                if (_at + 2 > _bytes.Length)
                    return;
                continue;
            }

            if (marker < 0xFF00 || marker == StartOfCodestream)
                throw new InvalidDataException("it has something else than a marker between its segments");
            var segment = ReadSegment();
            if (marker == Size)
                ReadSize(segment);
            else
                ReadParameters(marker, segment, _main);
        }
    }

    private void ReadTilePart()
    {
        var begin = _at - 2;
        var segment = ReadSegment();
        if (segment.Length < 8 || Components.Count == 0)
            throw new InvalidDataException("it has a damaged tile header");
        var index = BinaryPrimitives.ReadUInt16BigEndian(segment);
        var length = BinaryPrimitives.ReadUInt32BigEndian(segment[2..]);
        if (index >= (long)TilesAcross * TilesDown)
            throw new InvalidDataException("it has a tile outside of the image");
        if (!_tiles.TryGetValue(index, out var tile))
            _tiles.Add(index, tile = new Tile(index, _main.Copy()));

        // Length 0: to the end of the codestream.
        var end = length == 0 ? _bytes.Length : Math.Min(_bytes.Length, begin + (long)length);
        while (true)
        {
            var marker = ReadUInt16();
            if (marker == StartOfData)
                break;
            ReadParameters(marker, ReadSegment(), tile.Parameters);
        }

        if (end < _at)
            throw new InvalidDataException("it has a tile part shorter than its header");
        tile.Data.Write(_bytes, _at, (int)(end - _at));
        _at = (int)end;
    }

    private void ReadParameters(ushort marker, ReadOnlySpan<byte> segment, Parameters parameters)
    {
        switch (marker)
        {
            case CodingDefault:
                (parameters.Style, parameters.Coding) = ReadCodingDefault(segment);
                break;
            case CodingComponent:
                var (component, rest) = ComponentOf(segment);
                if (rest.Length < 1)
                    throw Short();
                parameters.ComponentCoding[component] = ReadCoding(rest.AsSpan(1), (rest[0] & 1) != 0);
                break;
            case QuantisationDefault:
                parameters.Quantisation = ReadQuantisation(segment);
                break;
            case QuantisationComponent:
                var (of, values) = ComponentOf(segment);
                parameters.ComponentQuantisation[of] = ReadQuantisation(values);
                break;
            case RegionOfInterest:
                var (_, region) = ComponentOf(segment);
                if (region.Length < 2 || region[1] != 0)
                    throw new InvalidDataException("it has a region of interest, which is not read");
                break;
            case ProgressionChange:
                throw new InvalidDataException("it changes its progression order, which is not read");
            case PackedHeaders or PackedTileHeaders:
                throw new InvalidDataException("it has packed packet headers, which are not read");
        }
    }

    private void ReadSize(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 36)
            throw Short();
        var grid = new int[8];
        for (var i = 0; i < grid.Length; i++)
        {
            var value = BinaryPrimitives.ReadUInt32BigEndian(segment[(2 + 4 * i)..]);
            grid[i] = value <= int.MaxValue ? (int)value : throw new InvalidDataException("it declares an absurd size");
        }

        (X1, Y1, X0, Y0, TileWidth, TileHeight, TileX0, TileY0) = (grid[0], grid[1], grid[2], grid[3], grid[4], grid[5], grid[6], grid[7]);
        if (X0 >= X1 || Y0 >= Y1 || TileWidth < 1 || TileHeight < 1 || TileX0 > X0 || TileY0 > Y0 || (long)TileX0 + TileWidth <= X0 || (long)TileY0 + TileHeight <= Y0)
            throw new InvalidDataException("it declares an impossible size");
        var count = BinaryPrimitives.ReadUInt16BigEndian(segment[34..]);
        if (count is < 1 or > 4 || segment.Length < 36 + 3 * count)
            throw new InvalidDataException($"it has {count} components; expected 1 to 4");
        var components = new Component[count];
        for (var c = 0; c < count; c++)
        {
            var part = segment.Slice(36 + 3 * c, 3);
            components[c] = new Component((part[0] & 0x7F) + 1, (part[0] & 0x80) != 0);
            if (components[c].Bits > MaxBits || part[1] != 1 || part[2] != 1)
                throw new InvalidDataException("it has components that are subsampled or of too many bits, which are not read");
        }

        Components = components;
    }

    private static (TileStyle, CodingStyle) ReadCodingDefault(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 10)
            throw Short();
        var style = new TileStyle(segment[1], BinaryPrimitives.ReadUInt16BigEndian(segment[2..]), segment[4] == 1);
        if (style.Progression > 4 || style.Layers < 1)
            throw new InvalidDataException("it has an unknown progression order or no layers");
        return (style, ReadCoding(segment[5..], (segment[0] & 1) != 0));
    }

    private static CodingStyle ReadCoding(ReadOnlySpan<byte> part, bool hasPrecincts)
    {
        if (part.Length < 5 || (hasPrecincts && part.Length < 6 + part[0]))
            throw Short();
        var (levels, width, height) = (part[0], (part[1] & 15) + 2, (part[2] & 15) + 2);
        if (levels > MaxLevels || width > 10 || height > 10 || width + height > 12 || part[4] > 1 || part[3] > 0x3F)
            throw new InvalidDataException("it has a coding style that the standard doesn't know");
        var precincts = new (int, int)[levels + 1];
        for (var r = 0; r <= levels; r++)
        {
            precincts[r] = hasPrecincts ? (part[5 + r] & 15, part[5 + r] >> 4) : (15, 15);
            if (r > 0 && precincts[r] is (0, _) or (_, 0))
                throw new InvalidDataException("it has precincts of no size");
        }

        return new CodingStyle { Levels = levels, BlockWidth = width, BlockHeight = height, Modes = (BlockModes)part[3], IsReversible = part[4] == 1, Precincts = precincts };
    }

    private static Quantisation ReadQuantisation(ReadOnlySpan<byte> part)
    {
        if (part.Length < 2)
            throw Short();
        var style = part[0] & 31;
        var steps = new List<(int, int)>();
        if (style == 0)
        {
            foreach (var value in part[1..])
                steps.Add((value >> 3, 0));
        }
        else
        {
            for (var at = 1; at + 1 < part.Length; at += 2)
            {
                var value = BinaryPrimitives.ReadUInt16BigEndian(part[at..]);
                steps.Add((value >> 11, value & 0x7FF));
            }
        }

        return style <= 2 && steps.Count > 0
            ? new Quantisation(style, part[0] >> 5, steps)
            : throw new InvalidDataException("it has an unknown quantisation");
    }

    private (int Component, byte[] Values) ComponentOf(ReadOnlySpan<byte> segment)
    {
        // At most four components, so their numbers take one byte.
        if (segment.Length < 1 || segment[0] >= Components.Count)
            throw new InvalidDataException("it has parameters of a component that isn't there");
        return (segment[0], segment[1..].ToArray());
    }

    private static InvalidDataException Short() => new("it has a marker segment that is cut short");

    private ushort ReadUInt16()
    {
        if (_at + 2 > _bytes.Length)
            throw new InvalidDataException("it is cut short");
        _at += 2;
        return BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(_at - 2));
    }

    private ReadOnlySpan<byte> ReadSegment()
    {
        var length = ReadUInt16();
        if (length < 2 || _at + length - 2 > _bytes.Length)
            throw Short();
        _at += length - 2;
        return _bytes.AsSpan(_at - (length - 2), length - 2);
    }
}
