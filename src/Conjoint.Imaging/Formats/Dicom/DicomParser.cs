namespace Conjoint.Imaging;

/// <summary>
/// Parses data sets strictly and in bounded time and memory: forwards only, values of <see cref="DicomTag.Read"/> alone, sequences
/// to a limited depth, elements to a limited number.
/// </summary>
/// <remarks>Specification: PS3.5 section 7, PS3.10 section 7.</remarks>
internal sealed class DicomParser
{
    private const int MaxDepth = 32;
    private const int MaxElements = 1 << 22;
    private const int MaxKeptElements = 1 << 20;
    private const int MaxValueBytes = 1 << 20;
    private const int MaxKeptBytes = 32 << 20;
    private const long MaxInflatedBeforePixels = 64L << 20;
    private const int FileMetaGroup = 0x0002;
    private const int DelimiterGroup = 0xFFFE;

    private readonly DicomStream _stream;
    private readonly string _path;
    private readonly List<string> _problems = [];
    private bool _isExplicit = true;
    private int _elements;
    private int _keptElements;
    private int _keptBytes;

    private DicomParser(DicomStream stream, string path) => (_stream, _path) = (stream, path);

    private readonly record struct Element(uint Tag, DicomVr Vr, uint Length);

    /// <summary>Reads the elements up to the pixels.</summary>
    /// <exception cref="InputDataException">The file is damaged, or no DICOM file.</exception>
    public static DicomFile Read(string path)
    {
        using var stream = DicomStream.Open(path);
        return new DicomParser(stream, path).Read();
    }

    private DicomFile Read()
    {
        var syntax = ReadSyntax();
        var dataOffset = _stream.Position;
        if (syntax.IsDeflated)
            _stream.BeginDeflated();
        (_isExplicit, _stream.IsBigEndian) = (syntax.IsExplicit, syntax.IsBigEndian);
        var elements = new DicomDataSet(_path, syntax.IsBigEndian);
        var pixels = ReadElements(elements, end: null, depth: 0);
        if (pixels.Tag != 0 && pixels.Length != DicomFile.UndefinedLength)
            _stream.Require(pixels.Length); // cut files are found before any of a series is read
        return new DicomFile(_path, syntax, elements)
        {
            DataOffset = dataOffset,
            PixelTag = pixels.Tag,
            PixelVr = pixels.Vr,
            PixelOffset = _stream.Position,
            PixelLength = pixels.Length,
            Problems = _problems,
        };
    }

    /// <summary>Reads preamble and file meta information and stops at the first element after them.</summary>
    private DicomTransferSyntax ReadSyntax()
    {
        var start = new byte[ImageFormats.DetectionBytes];
        start = start[..(int)Math.Min(start.Length, _stream.FileBytes)];
        _stream.Read(start);
        var hasMark = DicomPreamble.HasMark(start);
        if (!hasMark && DicomPreamble.Guess(start) is null)
            throw new InputDataException(_path, "is no DICOM file: expected the mark 'DICM' after 128 bytes, or a data set that begins with group 0008");
        _stream.Seek(hasMark ? DicomPreamble.Bytes + 4 : 0);

        var meta = new DicomDataSet(_path, bigEndian: false);
        var next = _stream.Position;
        while (_stream.TryReadTag(out var tag) && tag >> 16 == FileMetaGroup)
        {
            ReadValue(ReadElement(tag), meta, end: null, depth: 0);
            next = _stream.Position;
        }

        _stream.Seek(next);
        var stated = meta.Text(DicomTag.TransferSyntax) is { } uid ? DicomTransferSyntax.Of(uid) : null;
        return stated is { IsDeflated: true } ? stated : Verify(stated, next);
    }

    /// <summary>What the first element shows goes before what the file states.</summary>
    private DicomTransferSyntax Verify(DicomTransferSyntax? stated, long at)
    {
        Span<byte> first = stackalloc byte[6];
        if (_stream.FileBytes - at < first.Length)
            return stated ?? DicomTransferSyntax.ImplicitLittleEndian;
        _stream.Read(first);
        _stream.Seek(at);
        var hasVr = DicomVr.Of(first[4..]).IsKnown;
        if (stated is null)
        {
            var isBigEndian = first[0] == 0 && first[1] != 0;
            var guess = !hasVr ? DicomTransferSyntax.ImplicitLittleEndian
                : isBigEndian ? DicomTransferSyntax.ExplicitBigEndian
                : DicomTransferSyntax.ExplicitLittleEndian;
            _problems.Add($"states no transfer syntax; {guess.Name} is taken, as its first element looks");
            return guess;
        }

        if (hasVr == stated.IsExplicit)
            return stated;
        _problems.Add($"says that its elements {(hasVr ? "lack" : "have")} a VR, but they {(hasVr ? "have" : "lack")} one; they are read as they are");
        return stated with { IsExplicit = hasVr };
    }

    /// <summary>Reads elements to an end, to a delimiter, or to the pixels; returns the pixels' element, or an empty one.</summary>
    private Element ReadElements(DicomDataSet? keep, long? end, int depth)
    {
        while (end is null || _stream.Position < end)
        {
            uint tag;
            if (depth == 0)
            {
                if (!_stream.TryReadTag(out tag))
                    break;
            }
            else
            {
                tag = _stream.ReadTag();
            }

            var element = ReadElement(tag);
            if (tag == DicomTag.ItemEnd && depth > 0 && end is null)
                break;
            if (tag >> 16 == DelimiterGroup)
                throw Damaged("has a delimiter outside of a sequence");
            if (depth == 0 && DicomTag.IsPixels(tag))
                return element;
            ReadValue(element, keep, end, depth);
            if (_stream.IsDeflated && _stream.Position > MaxInflatedBeforePixels)
                throw Damaged($"inflates to more than {MaxInflatedBeforePixels} bytes before its pixels");
        }

        return end is null || _stream.Position == end ? default : throw Damaged("has an element that reaches over the end of its item");
    }

    private Element ReadElement(uint tag)
    {
        if (++_elements > MaxElements)
            throw Damaged($"has more than {MaxElements} elements");
        if (tag >> 16 == DelimiterGroup || !_isExplicit)
            return new Element(tag, tag >> 16 == DelimiterGroup ? DicomVr.None : DicomTag.Read.GetValueOrDefault(tag), _stream.ReadUInt32());

        Span<byte> letters = stackalloc byte[2];
        _stream.Read(letters);
        var vr = DicomVr.Of(letters);
        if (!vr.IsKnown)
            throw Damaged($"has an element {DicomTag.Show(tag)} without a known VR");
        if (!vr.HasLongLength)
            return new Element(tag, vr, _stream.ReadUInt16());
        _stream.ReadUInt16();
        return new Element(tag, vr, _stream.ReadUInt32());
    }

    private void ReadValue(Element element, DicomDataSet? keep, long? end, int depth)
    {
        var expected = DicomTag.Read.GetValueOrDefault(element.Tag);
        var isKept = keep is not null && expected != DicomVr.None;
        if (element.Length != DicomFile.UndefinedLength)
        {
            if (end is not null && _stream.Position + element.Length > end)
                throw Damaged($"has an element {DicomTag.Show(element.Tag)} that reaches over the end of its item");
            _stream.Require(element.Length);
        }

        if (element.Length == DicomFile.UndefinedLength || (isKept && expected == DicomVr.Sequence))
        {
            ReadSequence(element, isKept && expected == DicomVr.Sequence ? keep : null, depth);
            return;
        }

        if (!isKept)
        {
            _stream.Skip(element.Length);
            return;
        }

        if (element.Length > MaxValueBytes || (_keptBytes += (int)element.Length) > MaxKeptBytes || ++_keptElements > MaxKeptElements)
            throw Damaged($"has a header too large to be one, at element {DicomTag.Show(element.Tag)}");
        var value = new byte[element.Length];
        _stream.Read(value);
        // A VR that says nothing gives way to the standard's.
        keep!.Add(element.Tag, element.Vr == DicomVr.Unknown || element.Vr == DicomVr.None ? expected : element.Vr, value);
    }

    private void ReadSequence(Element element, DicomDataSet? keep, int depth)
    {
        if (depth >= MaxDepth)
            throw Damaged($"nests sequences deeper than {MaxDepth}");
        var (wasExplicit, wasBigEndian) = (_isExplicit, _stream.IsBigEndian);
        if (element.Vr == DicomVr.Unknown && element.Length == DicomFile.UndefinedLength)
            (_isExplicit, _stream.IsBigEndian) = (false, false); // PS3.5 section 6.2.2, note 2

        long? end = element.Length == DicomFile.UndefinedLength ? null : _stream.Position + element.Length;
        var isFragments = element.Vr != DicomVr.Sequence && element.Vr != DicomVr.Unknown && element.Vr != DicomVr.None;
        var items = new List<DicomDataSet>();
        while (end is null || _stream.Position < end)
        {
            var item = ReadElement(_stream.ReadTag());
            if (item.Tag == DicomTag.SequenceEnd && end is null)
                break;
            if (item.Tag != DicomTag.Item)
                throw Damaged($"has something else than an item in its sequence {DicomTag.Show(element.Tag)}");
            ReadItem(item, isFragments, keep is null ? null : items, end, depth);
        }

        if (end is not null && _stream.Position != end)
            throw Damaged($"has a sequence {DicomTag.Show(element.Tag)} whose items reach over its end");
        (_isExplicit, _stream.IsBigEndian) = (wasExplicit, wasBigEndian);
        keep?.Add(element.Tag, items);
    }

    private void ReadItem(Element item, bool isFragment, List<DicomDataSet>? items, long? sequenceEnd, int depth)
    {
        long? end = item.Length == DicomFile.UndefinedLength ? null : _stream.Position + item.Length;
        if (end > sequenceEnd)
            throw Damaged("has an item that reaches over the end of its sequence");
        if (end is not null && (items is null || isFragment))
        {
            _stream.Skip(item.Length);
            return;
        }

        if (isFragment)
            throw Damaged("has a fragment without a length");
        if (++_keptElements > MaxKeptElements)
            throw Damaged("has a header too large to be one");
        var keep = items is null ? null : new DicomDataSet(_path, _stream.IsBigEndian);
        ReadElements(keep, end, depth + 1);
        if (keep is not null)
            items!.Add(keep);
    }

    private InputDataException Damaged(string what) => new(_path, "is a damaged DICOM file: it " + what);
}
