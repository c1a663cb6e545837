using System.Buffers.Binary;

namespace Conjoint.Imaging.Tests.Formats.Nifti;

/// <summary>Makes NIfTI-1 headers field by field, in either byte order, for cases that the writer never writes.</summary>
internal sealed class NiftiBytes
{
    private readonly byte[] _header = new byte[352];
    private readonly bool _bigEndian;

    public NiftiBytes(short datatype, int[] sizes, bool bigEndian = false)
    {
        _bigEndian = bigEndian;
        Int32(0, 348);
        Int16(40, (short)sizes.Length);
        for (var i = 0; i < 7; i++)
            Int16(42 + 2 * i, i < sizes.Length ? (short)sizes[i] : (short)1);
        Int16(70, datatype);
        Singles(76, 1, 1, 1, 1);
        Singles(108, 352);
        "n+1\0"u8.CopyTo(_header.AsSpan(344));
    }

    public NiftiBytes Int16(int at, short value)
    {
        if (_bigEndian)
            BinaryPrimitives.WriteInt16BigEndian(_header.AsSpan(at), value);
        else
            BinaryPrimitives.WriteInt16LittleEndian(_header.AsSpan(at), value);
        return this;
    }

    public NiftiBytes Int32(int at, int value)
    {
        if (_bigEndian)
            BinaryPrimitives.WriteInt32BigEndian(_header.AsSpan(at), value);
        else
            BinaryPrimitives.WriteInt32LittleEndian(_header.AsSpan(at), value);
        return this;
    }

    public NiftiBytes Singles(int at, params float[] values)
    {
        for (var i = 0; i < values.Length; i++)
            Int32(at + 4 * i, BitConverter.SingleToInt32Bits(values[i]));
        return this;
    }

    public NiftiBytes Byte(int at, byte value)
    {
        _header[at] = value;
        return this;
    }

    public NiftiBytes Sform(short code, params float[] rows) => Int16(254, code).Singles(280, rows);

    public NiftiBytes Qform(short code, float qfac, float[] spacing, float[] quaternion, float[] offset) =>
        Int16(252, code).Singles(76, [qfac, .. spacing]).Singles(256, [.. quaternion, .. offset]);

    public byte[] With(params byte[] voxels) => [.. _header, .. voxels];

    /// <summary>The header alone, as the first file of a pair.</summary>
    public byte[] ForPair()
    {
        "ni1\0"u8.CopyTo(_header.AsSpan(344));
        Singles(108, 0);
        return _header[..348];
    }
}
