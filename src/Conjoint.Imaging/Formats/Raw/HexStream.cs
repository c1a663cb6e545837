namespace Conjoint.Imaging;

/// <summary>Turns pairs of hexadecimal digits into bytes; white space may stand anywhere; faults are <see cref="FormatException"/>s without a path.</summary>
internal sealed class HexStream(Stream text) : ForwardStream
{
    private readonly byte[] _buffer = new byte[1 << 14];
    private int _at;
    private int _length;

    public override int Read(Span<byte> buffer)
    {
        var count = 0;
        while (count < buffer.Length)
        {
            var high = NextDigit();
            if (high < 0)
                break;
            var low = NextDigit();
            if (low < 0)
                throw new FormatException("is damaged: its last byte has only one hexadecimal digit");
            buffer[count++] = (byte)(high << 4 | low);
        }

        return count;
    }

    private int NextDigit()
    {
        while (true)
        {
            if (_at == _length)
            {
                (_at, _length) = (0, text.Read(_buffer));
                if (_length == 0)
                    return -1;
            }

            var letter = (char)_buffer[_at++];
            if (char.IsAsciiHexDigit(letter))
                return char.IsAsciiDigit(letter) ? letter - '0' : (letter | 0x20) - 'a' + 10;
            if (!char.IsWhiteSpace(letter))
                throw new FormatException($"is damaged: character {(int)letter} among its hexadecimal digits is none");
        }
    }
}
