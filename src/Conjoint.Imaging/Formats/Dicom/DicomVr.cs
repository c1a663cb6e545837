using System.Collections.Frozen;

namespace Conjoint.Imaging;

/// <summary>How a value is represented: the two letters of PS3.5 section 6.2 as one number, or 0 where a file states none.</summary>
internal readonly record struct DicomVr(ushort Letters)
{
    public static readonly DicomVr None = new(0);
    public static readonly DicomVr CodeString = Of("CS");
    public static readonly DicomVr Decimals = Of("DS");
    public static readonly DicomVr Integers = Of("IS");
    public static readonly DicomVr Single = Of("FL");
    public static readonly DicomVr Double = Of("FD");
    public static readonly DicomVr SignedShort = Of("SS");
    public static readonly DicomVr UnsignedShort = Of("US");
    public static readonly DicomVr SignedLong = Of("SL");
    public static readonly DicomVr UnsignedLong = Of("UL");
    public static readonly DicomVr OtherWord = Of("OW");
    public static readonly DicomVr OtherVeryLong = Of("OV");
    public static readonly DicomVr Sequence = Of("SQ");
    public static readonly DicomVr Text = Of("LO");
    public static readonly DicomVr Identifier = Of("UI");
    public static readonly DicomVr Time = Of("TM");
    public static readonly DicomVr Unknown = Of("UN");

    private static readonly FrozenSet<ushort> Known = Letter(
        "AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV");

    private static readonly FrozenSet<ushort> Long = Letter("OB OD OF OL OV OW SQ SV UC UN UR UT UV");

    /// <summary>Whether the standard knows it.</summary>
    public bool IsKnown => Known.Contains(Letters);

    /// <summary>Whether, in explicit encodings, two reserved bytes and a length of four bytes follow it.</summary>
    public bool HasLongLength => Long.Contains(Letters);

    public static DicomVr Of(ReadOnlySpan<byte> letters) => new((ushort)((letters[0] << 8) | letters[1]));

    private static DicomVr Of(string letters) => new((ushort)((letters[0] << 8) | letters[1]));

    private static FrozenSet<ushort> Letter(string all) => all.Split(' ').Select(two => Of(two).Letters).ToFrozenSet();
}
