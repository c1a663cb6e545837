using System.Buffers;
using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>Reads the frames of a file: bytes, decoding, stored values, rescaled values.</summary>
internal sealed class DicomPixelReader : IDisposable
{
    private readonly DicomHeader _header;
    private readonly (long Offset, int Length)[][]? _fragments;
    private readonly DicomDecodedCopy? _decoded;
    private DicomStream _stream;

    /// <summary>Makes certain that the pixels are there.</summary>
    /// <exception cref="InputDataException">Cut short, or of a compression that can't be read.</exception>
    public DicomPixelReader(DicomHeader header)
    {
        if (header.Syntax.Codec == DicomCodec.External)
        {
            _decoded = DicomDecodedCopy.Make(header);
            header = _decoded.Header;
        }

        _header = header;
        _stream = Open();
        try
        {
            if (_header.Syntax.Codec != DicomCodec.None && _header.PixelTag != DicomTag.PixelData)
                throw new InputDataException(Path, $"is a damaged DICOM file: floating-point pixels can't be compressed by {_header.Syntax.Name}");
            if (_header.Syntax.Codec != DicomCodec.None)
                _fragments = FindFragments();
            else
                CheckLength();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private string Path => _header.Path;

    /// <summary>The values of a frame after rescaling, samples of a pixel together.</summary>
    /// <param name="plane">Which, and how to rescale it.</param>
    /// <param name="values">[rows · columns · samples]; made anew when it is of another size, once the pixels are known to be there.</param>
    /// <exception cref="InputDataException">Damaged.</exception>
    public void Read(DicomPlane plane, ref double[] values)
    {
        var stored = _header.PixelTag == DicomTag.PixelData ? ReadStored(plane.Frame) : null;
        if (values.Length != _header.FrameValues)
            values = new double[_header.FrameValues];
        if (stored is null)
            ReadFloats(plane.Frame, values);
        else
            DicomStoredValues.Convert(stored, _header, values, plane.Lut);
        if (plane.Lut is not null || (plane.Slope == 1 && plane.Intercept == 0))
            return;
        ElementConversion.Scale(values, plane.Slope, plane.Intercept);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _decoded?.Dispose();
    }

    private DicomStream Open()
    {
        var stream = DicomStream.Open(_decoded?.Path ?? Path, Path);
        if (_header.Syntax.IsDeflated)
        {
            stream.Seek(_header.DataOffset);
            stream.BeginDeflated();
        }

        return stream;
    }

    private (long, int)[][] FindFragments() => _header.PixelLength == DicomFile.UndefinedLength
        ? DicomFragments.Find(_stream, _header)
        : throw new InputDataException(Path, $"is a damaged DICOM file: its pixels should be fragments of {_header.Syntax.Name}, but have a length");

    private void CheckLength()
    {
        if (_header.PixelLength == DicomFile.UndefinedLength)
            throw new InputDataException(Path, $"is a damaged DICOM file: its pixels are in fragments, which {_header.Syntax.Name} doesn't have");
        var expected = (FrameBits * _header.Frames + 7) / 8;
        if (_header.PixelLength < expected)
            throw new InputDataException(Path, $"is truncated: its pixel data has {_header.PixelLength} bytes where {expected} are declared by its size");
        if (_stream.Position <= _header.PixelOffset)
            _stream.Skip(_header.PixelOffset - _stream.Position);
        _stream.Require(expected);
        if (_header.Syntax.IsDeflated && ImagingLimits.NeedsTrial(expected, _stream.FileBytes))
        {
            _stream.Skip(expected);
            Reopen();
        }
    }

    private void Reopen()
    {
        _stream.Dispose();
        _stream = Open();
    }

    /// <summary>Bits of a frame that isn't compressed. Two pixels of YBR_FULL_422 share their colour.</summary>
    private long FrameBits => _header.Photometric == "YBR_FULL_422"
        ? 2L * _header.Rows * _header.Columns * _header.BitsAllocated
        : (long)_header.FrameValues * _header.BitsAllocated;

    private uint[] ReadStored(int frame)
    {
        if (_fragments is null)
            return ReadNative(frame);
        var bytes = Join(_fragments[frame]);
        try
        {
            var (width, height) = (_header.Columns, _header.Rows);
            return _header.Syntax.Codec switch
            {
                DicomCodec.RunLength when _header.BitsAllocated >= 8 => DicomRunLength.Decode(bytes, width * height, _header.Samples, _header.BitsAllocated / 8),
                DicomCodec.Jpeg when _header.BitsAllocated is 8 or 16 => DicomJpeg.Decode(bytes, width, height, _header.Samples),
                DicomCodec.Jpeg2000 when _header.BitsAllocated >= 8 => DicomJpeg2000.Decode(bytes, width, height, _header.Samples),
                _ => throw new InvalidDataException($"pixels of {_header.BitsAllocated} bits can't be compressed so"),
            };
        }
        catch (InvalidDataException fault)
        {
            throw new InputDataException(Path, $"has damaged pixels in frame {frame} ({_header.Syntax.Name}): {fault.Message}", fault);
        }
    }

    private byte[] Join((long Offset, int Length)[] pieces)
    {
        var total = pieces.Sum(piece => (long)piece.Length);
        if (total > ImagingLimits.MaxArrayBytes)
            throw new InputDataException(Path, $"has a frame of {total} compressed bytes; at most {ImagingLimits.MaxArrayBytes} can be read");
        var bytes = new byte[total];
        var at = 0;
        foreach (var (offset, length) in pieces)
        {
            _stream.Seek(offset);
            _stream.Read(bytes.AsSpan(at, length));
            at += length;
        }

        return bytes;
    }

    private uint[] ReadNative(int frame)
    {
        var firstBit = FrameBits * frame;
        var count = (int)((firstBit % 8 + FrameBits + 7) / 8);
        var bytes = ArrayPool<byte>.Shared.Rent(count + 1);
        try
        {
            var span = bytes.AsSpan(0, count);
            ReadAt(firstBit / 8, span);
            var values = new uint[_header.FrameValues];
            DicomStoredValues.Unpack(span, (int)(firstBit % 8), _header, values);
            return values;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void ReadAt(long offset, Span<byte> bytes)
    {
        var at = _header.PixelOffset + offset;
        if (!_header.Syntax.IsDeflated)
        {
            _stream.Seek(at);
        }
        else
        {
            if (_stream.Position > at)
                Reopen();
            _stream.Skip(at - _stream.Position);
        }

        _stream.Read(bytes);
        // Bytes in words of two: only files of big endian show it.
        if (_header is { Syntax.IsBigEndian: true, BitsAllocated: 8, IsInWords: true })
            ElementConversion.ReverseBytes(bytes[..(bytes.Length / 2 * 2)], 2);
    }

    private void ReadFloats(int frame, Span<double> values)
    {
        var size = _header.BitsAllocated / 8;
        var bytes = new byte[(long)values.Length * size];
        ReadAt((long)frame * bytes.Length, bytes);
        if (_header.Syntax.IsBigEndian)
            ElementConversion.ReverseBytes(bytes, size);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = size == 4
                ? BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i))
                : BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8 * i));
        }
    }
}
