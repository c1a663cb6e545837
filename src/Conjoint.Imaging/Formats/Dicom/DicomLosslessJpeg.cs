using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>Decodes lossless JPEG (ITU-T T.81 annex H, Huffman coding): all seven predictors, up to 16 bits.</summary>
/// <remarks>JpegLibrary gives wrong values for predictors other than 1 and 4.</remarks>
internal static class DicomLosslessJpeg
{
    private const int StartOfFrame3 = 0xC3;
    private const int HuffmanTables = 0xC4;
    private const int EndOfImage = 0xD9;
    private const int StartOfScan = 0xDA;
    private const int RestartInterval = 0xDD;

    /// <summary>Decodes a frame; samples of a pixel lie together.</summary>
    /// <exception cref="InvalidDataException">Damaged, or with subsampled components.</exception>
    public static uint[] Decode(byte[] bytes, int width, int height, int samples)
    {
        var values = new int[width * height * samples];
        var tables = new HuffmanTable?[4];
        var (bits, restart, seen, at) = (0, 0, 0, 2);
        byte[] identifiers = [];
        while (seen < samples)
        {
            while (at < bytes.Length && bytes[at] != 0xFF)
                at++;
            while (at < bytes.Length && bytes[at] == 0xFF)
                at++;
            if (at + 3 > bytes.Length || bytes[at] == EndOfImage)
                throw new InvalidDataException("it ends before its last pixels");
            var marker = bytes[at++];
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));
            if (length < 2 || at + length > bytes.Length)
                throw new InvalidDataException("a marker segment is cut short");
            var segment = bytes.AsSpan(at + 2, length - 2);
            at += length;
            switch (marker)
            {
                case HuffmanTables:
                    ReadTables(segment, tables);
                    break;
                case RestartInterval when segment.Length >= 2:
                    restart = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case StartOfFrame3:
                    (bits, identifiers) = ReadFrame(segment, samples);
                    break;
                case StartOfScan when bits > 0:
                    var scan = Scan.Read(segment, identifiers, tables, bits);
                    at = scan.Decode(bytes, at, values, width, samples, restart);
                    seen += scan.Count;
                    break;
            }
        }

        return Array.ConvertAll(values, value => (uint)value);
    }

    private static (int Bits, byte[] Identifiers) ReadFrame(ReadOnlySpan<byte> segment, int samples)
    {
        if (segment.Length < 6 + 3 * samples || segment[5] != samples || segment[0] is < 2 or > 16)
            throw new InvalidDataException("its frame header is damaged");
        var identifiers = new byte[samples];
        for (var c = 0; c < samples; c++)
        {
            identifiers[c] = segment[6 + 3 * c];
            if (segment[7 + 3 * c] != 0x11)
                throw new InvalidDataException("its components are subsampled, which is not read");
        }

        return (segment[0], identifiers);
    }

    private static void ReadTables(ReadOnlySpan<byte> segment, HuffmanTable?[] tables)
    {
        while (segment.Length >= 17)
        {
            var count = 0;
            foreach (var ofLength in segment[1..17])
                count += ofLength;
            if (segment[0] > 3 || count > 256 || segment.Length < 17 + count)
                throw new InvalidDataException("a Huffman table is damaged");
            tables[segment[0]] = new HuffmanTable(segment[1..17], segment.Slice(17, count));
            segment = segment[(17 + count)..];
        }
    }

    /// <summary>Codes of up to 16 bits (T.81 annex F.2.2.3).</summary>
    private sealed class HuffmanTable
    {
        private readonly int[] _last = new int[17];  // the largest code of each length, -1 for none
        private readonly int[] _offset = new int[17]; // from a code to its symbol's place
        private readonly byte[] _symbols;

        public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
        {
            _symbols = symbols.ToArray();
            var (code, place) = (0, 0);
            for (var length = 1; length <= 16; length++)
            {
                _offset[length] = place - code;
                code += counts[length - 1];
                place += counts[length - 1];
                _last[length] = counts[length - 1] == 0 ? -1 : code - 1;
                code <<= 1;
            }
        }

        public int Read(ref BitReader bits)
        {
            var code = 0;
            for (var length = 1; length <= 16; length++)
            {
                code = (code << 1) | bits.Read();
                var place = code + _offset[length];
                if (code <= _last[length] && place >= 0 && place < _symbols.Length)
                    return _symbols[place];
            }

            throw new InvalidDataException("it has a code that its Huffman table lacks");
        }
    }

    /// <summary>Bits of the coded data; a zero byte follows each byte of ones.</summary>
    private ref struct BitReader(ReadOnlySpan<byte> bytes, int at)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _left;
        private int _byte;

        public int Position { get; private set; } = at;

        public int Read()
        {
            if (_left == 0)
            {
                if (Position >= _bytes.Length || (_bytes[Position] == 0xFF && (Position + 1 >= _bytes.Length || _bytes[Position + 1] != 0)))
                    throw new InvalidDataException("it ends before its last pixels");
                _byte = _bytes[Position++];
                if (_byte == 0xFF)
                    Position++;
                _left = 8;
            }

            return (_byte >> --_left) & 1;
        }

        /// <summary>A difference of so many bits (T.81 table H.2).</summary>
        public int ReadDifference(int category)
        {
            if (category is 0 or 16)
                return category == 0 ? 0 : 32768;
            var value = 0;
            for (var i = 0; i < category; i++)
                value = (value << 1) | Read();
            return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
        }

        /// <summary>Passes over a restart marker.</summary>
        public void Restart()
        {
            if (Position + 1 >= _bytes.Length || _bytes[Position] != 0xFF || _bytes[Position + 1] is < 0xD0 or > 0xD7)
                throw new InvalidDataException("it lacks a restart marker");
            Position += 2;
            _left = 0;
        }
    }

    /// <summary>One scan: its components and their tables, the predictor, and bits that were cut off.</summary>
    private sealed record Scan((int Component, HuffmanTable Table)[] Parts, int Predictor, int Cut, int Bits)
    {
        public int Count => Parts.Length;

        public static Scan Read(ReadOnlySpan<byte> segment, byte[] identifiers, HuffmanTable?[] tables, int bits)
        {
            if (segment.Length < 1 || segment[0] < 1 || segment[0] > identifiers.Length || segment.Length < 4 + 2 * segment[0])
                throw new InvalidDataException("its scan header is damaged");
            var parts = new (int, HuffmanTable)[segment[0]];
            for (var i = 0; i < parts.Length; i++)
            {
                var component = Array.IndexOf(identifiers, segment[1 + 2 * i]);
                var table = segment[2 + 2 * i] >> 4;
                if (component < 0 || table > 3 || tables[table] is not { } known)
                    throw new InvalidDataException("its scan names a component or table that isn't there");
                parts[i] = (component, known);
            }

            var (predictor, cut) = (segment[1 + 2 * parts.Length], segment[3 + 2 * parts.Length] & 15);
            return predictor is >= 1 and <= 7 && cut < bits
                ? new Scan(parts, predictor, cut, bits)
                : throw new InvalidDataException("it has an unknown predictor");
        }

        /// <summary>Decodes the scan's components; returns where its data end.</summary>
        public int Decode(byte[] bytes, int at, int[] values, int width, int samples, int restart)
        {
            var bits = new BitReader(bytes, at);
            var line = width * samples;
            var top = 0; // the line after the start or a restart has no line above
            for (var (first, unit) = (0, 0); first < values.Length; first += line)
            {
                for (var x = 0; x < width; x++, unit++)
                {
                    if (restart > 0 && unit > 0 && unit % restart == 0)
                    {
                        bits.Restart();
                        top = x == 0 ? first : throw new InvalidDataException("it restarts inside of a line");
                    }

                    foreach (var (component, table) in Parts)
                    {
                        var place = first + x * samples + component;
                        var difference = bits.ReadDifference(Category(table.Read(ref bits)));
                        values[place] = (Predict(values, place, x, first == top, line, samples) + difference) & 0xFFFF;
                    }
                }
            }

            if (Cut > 0)
            {
                foreach (var (component, _) in Parts)
                {
                    for (var place = component; place < values.Length; place += samples)
                        values[place] = (values[place] << Cut) & 0xFFFF;
                }
            }

            return bits.Position;
        }

        private static int Category(int symbol) => symbol <= 16 ? symbol : throw new InvalidDataException("it has a difference of too many bits");

        private int Predict(int[] values, int place, int x, bool isTop, int line, int samples)
        {
            if (isTop)
                return x == 0 ? 1 << (Bits - Cut - 1) : values[place - samples];
            var above = values[place - line];
            if (x == 0)
                return above;
            var (left, corner) = (values[place - samples], values[place - line - samples]);
            return Predictor switch
            {
                1 => left,
                2 => above,
                3 => corner,
                4 => left + above - corner,
                5 => left + ((above - corner) >> 1),
                6 => above + ((left - corner) >> 1),
                _ => (left + above) >> 1,
            };
        }
    }
}
