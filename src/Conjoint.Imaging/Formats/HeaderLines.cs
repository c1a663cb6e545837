using System.Text;

namespace Conjoint.Imaging;

/// <summary>Reads the lines of a text header that binary data may follow.</summary>
internal sealed class HeaderLines(Stream stream, string path)
{
    /// <summary>The most bytes of a header.</summary>
    public const int MaxBytes = 1 << 20;

    private readonly byte[] _buffer = new byte[1 << 12];
    private int _at;
    private int _length;

    /// <summary>Bytes read so far: where the next line begins.</summary>
    public long Position { get; private set; }

    /// <summary>The next line without its end; null at the end of the file.</summary>
    /// <exception cref="InputDataException">The header is longer than any header.</exception>
    public string? Next()
    {
        var line = new List<byte>();
        while (true)
        {
            if (_at == _length)
            {
                (_at, _length) = (0, InputFile.ReadAtMost(stream, _buffer, path));
                if (_length == 0)
                    return line.Count == 0 ? null : Text(line);
            }

            var letter = _buffer[_at++];
            if (++Position > MaxBytes)
                throw new InputDataException(path, $"has a text header of more than {MaxBytes} bytes, or none that ends");
            if (letter == '\n')
                return Text(line);
            line.Add(letter);
        }
    }

    private static string Text(List<byte> line)
    {
        if (line.Count > 0 && line[^1] == '\r')
            line.RemoveAt(line.Count - 1);
        return Encoding.UTF8.GetString([.. line]);
    }
}
