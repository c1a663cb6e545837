namespace Conjoint.Imaging.Jpeg2000;

/// <summary>Bits of packet headers: after a byte of ones the next byte has seven (T.800 B.10.1).</summary>
internal sealed class PacketBits(byte[] bytes)
{
    private int _left;
    private int _byte;

    /// <summary>Where the next byte is.</summary>
    public int Position { get; set; }

    public bool IsAtEnd => Position >= bytes.Length;

    /// <exception cref="InvalidDataException">There are no more.</exception>
    public int Read()
    {
        if (_left == 0)
        {
            var wasOnes = _byte == 0xFF;
            if (IsAtEnd)
                throw new InvalidDataException("a packet is cut short");
            _byte = bytes[Position++];
            _left = wasOnes ? 7 : 8;
        }

        return (_byte >> --_left) & 1;
    }

    public int Read(int count)
    {
        var value = 0;
        for (var i = 0; i < count; i++)
            value = (value << 1) | Read();
        return value;
    }

    /// <summary>Goes to the next whole byte, where the header ends.</summary>
    public void Align()
    {
        if (_byte == 0xFF)
            Position++;
        (_left, _byte) = (0, 0);
    }

    /// <summary>Passes over a marker, when it is there.</summary>
    public void SkipMarker(byte second, int length)
    {
        if (Position + length <= bytes.Length && bytes[Position] == 0xFF && bytes[Position + 1] == second)
            Position += length;
    }
}
