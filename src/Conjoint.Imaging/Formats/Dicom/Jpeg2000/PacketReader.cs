using System.Numerics;

namespace Conjoint.Imaging.Jpeg2000;

/// <summary>Shares a tile's bytes out among its code-blocks: packets in their order of progression (T.800 B.9 to B.12).</summary>
internal sealed class PacketReader
{
    private const byte StartOfPacket = 0x91;
    private const byte EndOfHeader = 0x92;
    private const int MaxLengthBits = 31;

    // A block takes a bit at least; blocks that no packet names come from a coarser grid.
    private const long BlocksAnyway = 1 << 17;
    private const long BlocksPerByte = 32;

    private readonly byte[] _data;
    private readonly PacketBits _bits;
    private readonly TileStyle _style;
    private readonly Bounds _tile;
    private readonly IReadOnlyList<(Resolution[] Resolutions, CodingStyle Style)> _components;
    private long _blocksLeft;

    public PacketReader(byte[] data, TileStyle style, Bounds tile, IReadOnlyList<(Resolution[], CodingStyle)> components)
    {
        (_data, _bits, _style, _tile, _components) = (data, new PacketBits(data), style, tile, components);
        _blocksLeft = BlocksAnyway + BlocksPerByte * data.Length;
    }

    private readonly record struct Place(int Component, int Resolution, int Precinct);

    /// <summary>Reads packets until all have been read, or the bytes end.</summary>
    /// <exception cref="InvalidDataException">A packet is damaged.</exception>
    public void Read()
    {
        foreach (var (place, layer) in Order())
        {
            if (_bits.IsAtEnd)
                return;
            ReadPacket(place, layer);
        }
    }

    private IEnumerable<(Place Place, int Layer)> Order()
    {
        var places = new List<Place>();
        for (var c = 0; c < _components.Count; c++)
        {
            foreach (var resolution in _components[c].Resolutions)
            {
                for (var p = 0; p < resolution.PrecinctCount; p++)
                    places.Add(new Place(c, resolution.Number, p));
            }
        }

        var sorted = _style.Progression switch
        {
            0 or 1 => places.OrderBy(p => p.Resolution).ThenBy(p => p.Component).ThenBy(p => p.Precinct).ToList(),
            2 => places.OrderBy(p => (p.Resolution, On(p).Y, On(p).X, p.Component, p.Precinct)).ToList(),
            3 => places.OrderBy(p => (On(p).Y, On(p).X, p.Component, p.Resolution, p.Precinct)).ToList(),
            _ => places.OrderBy(p => (p.Component, On(p).Y, On(p).X, p.Resolution, p.Precinct)).ToList(),
        };
        return _style.Progression switch
        {
            0 => from layer in Enumerable.Range(0, _style.Layers) from place in sorted select (place, layer),
            1 => from resolution in sorted.GroupBy(p => p.Resolution)
                 from layer in Enumerable.Range(0, _style.Layers)
                 from place in resolution
                 select (place, layer),
            _ => from place in sorted from layer in Enumerable.Range(0, _style.Layers) select (place, layer),
        };

        (long X, long Y) On(Place p) => _components[p.Component].Resolutions[p.Resolution].Place(p.Precinct, _tile);
    }

    private void ReadPacket(Place place, int layer)
    {
        var (resolutions, style) = _components[place.Component];
        _bits.SkipMarker(StartOfPacket, 6);
        var bodies = new List<(CodeBlock.Segment Segment, int Length)>();
        if (_bits.Read() == 1)
        {
            var precinct = resolutions[place.Resolution].Precinct(place.Precinct, ref _blocksLeft);
            foreach (var part in precinct.Parts)
            {
                for (var i = 0; i < part.Blocks.Count; i++)
                    ReadBlockHeader(part, i, layer, style.Modes, bodies);
            }
        }

        _bits.Align();
        _bits.SkipMarker(EndOfHeader, 2);
        foreach (var (segment, length) in bodies)
        {
            var there = Math.Clamp(_data.Length - _bits.Position, 0, length);
            segment.Pieces.Add((Math.Min(_bits.Position, _data.Length), there));
            _bits.Position += length;
            if (_bits.Position < 0 || there < length)
                throw new InvalidDataException("it is cut short");
        }
    }

    private void ReadBlockHeader(Precinct.Part part, int index, int layer, BlockModes modes, List<(CodeBlock.Segment, int)> bodies)
    {
        var block = part.Blocks[index];
        var (x, y) = (index % part.Across, index / part.Across);
        var isFirst = block.ZeroPlanes is null;
        var isIncluded = isFirst ? part.Inclusion.Read(_bits, x, y, layer + 1) is not null : _bits.Read() == 1;
        if (!isIncluded)
            return;
        if (isFirst)
        {
            for (var threshold = 1; block.ZeroPlanes is null; threshold++)
            {
                if (threshold > 80)
                    throw new InvalidDataException("a packet is damaged");
                block.ZeroPlanes = part.ZeroPlanes.Read(_bits, x, y, threshold);
            }
        }

        var passes = ReadPasses();
        while (_bits.Read() == 1)
            block.LengthBits++;
        for (var left = passes; left > 0;)
        {
            var segment = block.Open(modes);
            var count = Math.Min(left, segment.MaxPasses - segment.Passes);
            var width = block.LengthBits + BitOperations.Log2((uint)count);
            if (width > MaxLengthBits)
                throw new InvalidDataException("a packet is damaged");
            bodies.Add((segment, _bits.Read(width)));
            segment.Passes += count;
            left -= count;
        }

        block.Passes += passes;
    }

    /// <summary>The number of new passes (table B.4).</summary>
    private int ReadPasses()
    {
        if (_bits.Read() == 0)
            return 1;
        if (_bits.Read() == 0)
            return 2;
        var few = _bits.Read(2);
        if (few < 3)
            return 3 + few;
        var more = _bits.Read(5);
        return more < 31 ? 6 + more : 37 + _bits.Read(7);
    }
}
