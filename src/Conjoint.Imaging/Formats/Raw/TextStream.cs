using System.Globalization;

namespace Conjoint.Imaging;

/// <summary>Turns written numbers into the bytes of their type, low bytes first; faults are <see cref="FormatException"/>s without a path. Reads fill whole values only, so a buffer must have room for one.</summary>
internal sealed class TextStream(Stream text, ElementType type) : ForwardStream
{
    private const int MaxDigits = 64;
    private readonly byte[] _buffer = new byte[1 << 14];
    private int _at;
    private int _length;

    public override int Read(Span<byte> buffer)
    {
        var size = type.SizeInBytes();
        var count = 0;
        Span<byte> word = stackalloc byte[MaxDigits];
        for (; count + size <= buffer.Length; count += size)
        {
            var length = NextWord(word);
            if (length == 0)
                break;
            ElementEncoding.Write(Parse(word[..length]), type, buffer.Slice(count, size));
        }

        return count;
    }

    private double Parse(ReadOnlySpan<byte> word)
    {
        Span<char> letters = stackalloc char[word.Length];
        for (var i = 0; i < word.Length; i++)
            letters[i] = (char)word[i];
        var number = letters.ToString() switch
        {
            "inf" or "+inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ when double.TryParse(letters, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => throw new FormatException("is damaged: one of its values is no number"),
        };
        return ElementEncoding.Fits(number, type) ? number : throw new FormatException($"is damaged: its value {number:g6} doesn't fit into {type.Name()}");
    }

    private int NextWord(Span<byte> word)
    {
        var length = 0;
        while (true)
        {
            if (_at == _length)
            {
                (_at, _length) = (0, text.Read(_buffer));
                if (_length == 0)
                    return length;
            }

            var letter = _buffer[_at++];
            if (letter is not ((byte)' ' or (byte)',' or (>= 9 and <= 13)))
            {
                if (length == word.Length)
                    throw new FormatException($"is damaged: one of its values has more than {MaxDigits} digits");
                word[length++] = letter;
            }
            else if (length > 0)
            {
                return length;
            }
        }
    }
}
