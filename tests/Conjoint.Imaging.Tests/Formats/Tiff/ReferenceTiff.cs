using System.Buffers.Binary;

namespace Conjoint.Imaging.Tests.Formats.Tiff;

/// <summary>Writes TIFF files tag by tag, plainly, in every variant that the reader knows.</summary>
internal sealed class ReferenceTiff
{
    private readonly List<byte> _file = [];
    private readonly bool _bigEndian;
    private readonly bool _isBig;
    private int _pointerAt;

    public ReferenceTiff(bool bigEndian = false, bool isBig = false)
    {
        (_bigEndian, _isBig) = (bigEndian, isBig);
        _file.AddRange(bigEndian ? "MM"u8 : "II"u8);
        _file.AddRange(Number(isBig ? 43 : 42, 2));
        if (isBig)
            _file.AddRange([.. Number(8, 2), .. Number(0, 2)]);
        _pointerAt = _file.Count;
        _file.AddRange(Number(0, isBig ? 8 : 4));
    }

    public byte[] Bytes => [.. _file];

    public int Compression { get; init; } = 1;

    public int Predictor { get; init; } = 1;

    public int Photometric { get; init; } = 1;

    /// <summary>Rows of a strip, or both sides of a tile.</summary>
    public int Chunk { get; init; } = 3;

    public bool IsTiled { get; init; }

    public bool IsPlanar { get; init; }

    public long[]? Palette { get; init; }

    /// <summary>Value of the orientation tag; no tag without it.</summary>
    public int? Orientation { get; set; }

    /// <summary>Adds a page with the values [height·width·samples].</summary>
    public ReferenceTiff Page(float[] values, int width, int height, ElementType type, int samples = 1, int subfile = 0)
    {
        var chunks = new List<(int Offset, int Bytes)>();
        var planes = IsPlanar ? samples : 1;
        var perPixel = IsPlanar ? 1 : samples;
        var chunkWidth = IsTiled ? Chunk : width;
        for (var plane = 0; plane < planes; plane++)
        {
            for (var top = 0; top < height; top += Chunk)
            {
                for (var left = 0; left < width; left += chunkWidth)
                {
                    var bytes = new List<byte>();
                    for (var y = top; y < (IsTiled ? top + Chunk : Math.Min(top + Chunk, height)); y++)
                    {
                        var row = new List<float>();
                        for (var x = left; x < left + chunkWidth; x++)
                        {
                            for (var s = 0; s < perPixel; s++)
                                row.Add(x < width && y < height ? values[(y * width + x) * samples + plane + s] : 0);
                        }

                        bytes.AddRange(Row(row, type, perPixel));
                    }

                    var packed = Pack([.. bytes]);
                    chunks.Add((_file.Count, packed.Length));
                    _file.AddRange(packed);
                }
            }
        }

        var tags = new SortedDictionary<int, long[]>
        {
            [254] = [subfile],
            [256] = [width],
            [257] = [height],
            [258] = [.. Enumerable.Repeat(8L * type.SizeInBytes(), samples)],
            [259] = [Compression],
            [262] = [Photometric],
            [277] = [samples],
            [284] = [IsPlanar ? 2 : 1],
            [317] = [Predictor],
            [339] = [.. Enumerable.Repeat(type is ElementType.Float32 or ElementType.Float64 ? 3L : type.Name().StartsWith('u') ? 1 : 2, samples)],
            [IsTiled ? 324 : 273] = [.. chunks.Select(chunk => (long)chunk.Offset)],
            [IsTiled ? 325 : 279] = [.. chunks.Select(chunk => (long)chunk.Bytes)],
        };
        if (Orientation is { } orientation)
            tags[274] = [orientation];
        if (IsTiled)
            (tags[322], tags[323]) = ([Chunk], [Chunk]);
        else
            tags[278] = [Chunk];
        if (Palette is not null)
            tags[320] = Palette;
        Directory(tags);
        return this;
    }

    private void Directory(SortedDictionary<int, long[]> tags)
    {
        int field = _isBig ? 8 : 4;
        var places = new Dictionary<int, byte[]>();
        foreach (var (tag, numbers) in tags)
        {
            byte[] bytes = [.. numbers.SelectMany(number => Number(number, 4))];
            if (bytes.Length > field)
            {
                places[tag] = Number(_file.Count, field);
                _file.AddRange(bytes);
            }
            else
            {
                places[tag] = [.. bytes, .. new byte[field - bytes.Length]];
            }
        }

        var at = _file.Count;
        _file.AddRange(Number(tags.Count, _isBig ? 8 : 2));
        foreach (var (tag, numbers) in tags)
            _file.AddRange([.. Number(tag, 2), .. Number(4, 2), .. Number(numbers.Length, field), .. places[tag]]);
        foreach (var (part, i) in Number(at, field).Select((part, i) => (part, i)))
            _file[_pointerAt + i] = part;
        _pointerAt = _file.Count;
        _file.AddRange(Number(0, field));
    }

    private byte[] Row(List<float> row, ElementType type, int samples)
    {
        var size = type.SizeInBytes();
        if (Predictor == 3)
        {
            var high = StoredValues.Bytes(row, type, bigEndian: true);
            byte[] planes = [.. Enumerable.Range(0, size).SelectMany(part => row.Select((_, i) => high[i * size + part]))];
            for (var i = planes.Length - 1; i >= samples; i--)
                planes[i] -= planes[i - samples];
            return planes;
        }

        if (Predictor == 1)
            return StoredValues.Bytes(row, type, _bigEndian);

        // Differences wrap round in the width of the type.
        var low = StoredValues.Bytes(row, type, bigEndian: false);
        var bytes = new List<byte>();
        for (var i = 0; i < row.Count; i++)
        {
            var difference = Value(i) - (i >= samples ? Value(i - samples) : 0);
            bytes.AddRange(Number((long)difference, size));
        }

        return [.. bytes];

        ulong Value(int i) => Enumerable.Range(0, size).Aggregate(0UL, (value, part) => value | (ulong)low[i * size + part] << 8 * part);
    }

    private byte[] Pack(byte[] bytes) => Compression switch
    {
        5 => Lzw(bytes),
        8 or 32946 => StoredValues.Zlib(bytes),
        32773 => PackBits(bytes),
        _ => bytes,
    };

    private static byte[] PackBits(byte[] bytes)
    {
        var packed = new List<byte>();
        for (var at = 0; at < bytes.Length;)
        {
            var run = bytes.Skip(at).TakeWhile(b => b == bytes[at]).Take(128).Count();
            if (run > 1)
                packed.AddRange([(byte)(sbyte)(1 - run), bytes[at]]);
            else
                packed.AddRange([128, 0, bytes[at]]); // and a byte that means nothing
            at += run;
        }

        return [.. packed];
    }

    /// <summary>With a dictionary of strings, as the specification describes it.</summary>
    private static byte[] Lzw(byte[] bytes)
    {
        var bits = new List<bool>();
        var table = new Dictionary<string, int>();
        var width = 9;
        Clear();
        var known = "";
        foreach (var one in bytes)
        {
            var longer = known + (char)one;
            if (table.ContainsKey(longer))
            {
                known = longer;
                continue;
            }

            Write(table[known]);
            table[longer] = table.Count + 2;
            width = table.Count + 2 >= 2048 ? 12 : table.Count + 2 >= 1024 ? 11 : table.Count + 2 >= 512 ? 10 : 9;
            if (table.Count + 2 == 4095)
                Clear();
            known = ((char)one).ToString();
        }

        if (known.Length > 0)
            Write(table[known]);
        width = table.Count + 3 >= 2048 ? 12 : table.Count + 3 >= 1024 ? 11 : table.Count + 3 >= 512 ? 10 : 9;
        Write(257);
        while (bits.Count % 8 != 0)
            bits.Add(false);
        return [.. bits.Chunk(8).Select(eight => (byte)eight.Aggregate(0, (value, bit) => value << 1 | (bit ? 1 : 0)))];

        void Clear()
        {
            Write(256);
            table = Enumerable.Range(0, 256).ToDictionary(i => ((char)i).ToString());
            width = 9;
        }

        void Write(int code)
        {
            for (var bit = width - 1; bit >= 0; bit--)
                bits.Add((code >> bit & 1) != 0);
        }
    }

    private byte[] Number(long value, int bytes)
    {
        var low = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(low, value);
        var part = low[..bytes];
        return _bigEndian ? [.. part.Reverse()] : part;
    }
}
