using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>Where the compressed bytes of each frame are (PS3.5 annex A.4).</summary>
internal static class DicomFragments
{
    private static readonly byte[][] FirstBytes = [[0xFF, 0xD8, 0xFF], [0xFF, 0x4F, 0xFF, 0x51]]; // JPEG, JPEG 2000

    /// <summary>For each frame the pieces that it is made of.</summary>
    /// <exception cref="InputDataException">Cut short, or fragments that can't be shared out among the frames.</exception>
    public static (long Offset, int Length)[][] Find(DicomStream stream, DicomHeader header)
    {
        var fragments = new List<(long Offset, int Length)>();
        double[] offsets = [];
        var isTable = true;
        stream.Seek(header.PixelOffset);
        while (true)
        {
            var tag = stream.ReadTag();
            var length = stream.ReadUInt32();
            if (tag == DicomTag.SequenceEnd)
                break;
            if (tag != DicomTag.Item || length > ImagingLimits.MaxArrayBytes)
                throw new InputDataException(header.Path, "is a damaged DICOM file: its compressed pixels are no run of fragments");
            stream.Require(length);
            if (isTable)
                offsets = ReadOffsets(stream, length, header);
            else
                fragments.Add((stream.Position, (int)length));
            if (!isTable)
                stream.Skip(length);
            isTable = false;
        }

        if (fragments.Count == 0)
            throw new InputDataException(header.Path, "is truncated: it has no compressed pixels");
        return Share(stream, header, fragments, header.ExtendedOffsets ?? offsets);
    }

    private static double[] ReadOffsets(DicomStream stream, uint length, DicomHeader header)
    {
        // A table with an entry a frame, or none; another length says nothing.
        if (length != 4L * header.Frames)
        {
            stream.Skip(length);
            return [];
        }

        var bytes = new byte[length];
        stream.Read(bytes);
        return [.. Enumerable.Range(0, header.Frames).Select(frame => (double)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4 * frame)))];
    }

    private static (long, int)[][] Share(DicomStream stream, DicomHeader header, List<(long Offset, int Length)> fragments, double[] offsets)
    {
        if (header.Frames == 1)
            return [[.. fragments]];
        if (fragments.Count == header.Frames)
            return [.. fragments.Select(fragment => new[] { fragment })];

        // Offsets count from the first fragment's item, whose tag and length are 8 bytes.
        var start = fragments[0].Offset;
        var firsts = offsets.Length == header.Frames ? [.. offsets.Select(offset => offset + start)] : Starts(stream, header, fragments);
        var frames = new List<(long, int)>[header.Frames];
        var frame = -1;
        foreach (var fragment in fragments)
        {
            if (frame + 1 < firsts.Count && fragment.Offset == firsts[frame + 1])
                frames[++frame] = [];
            if (frame < 0)
                break;
            frames[frame].Add(fragment);
        }

        return frame == header.Frames - 1
            ? [.. frames.Select(pieces => pieces.ToArray())]
            : throw new InputDataException(header.Path, $"is a damaged DICOM file: its {fragments.Count} fragments can't be shared out among {header.Frames} frames");
    }

    /// <summary>The fragments that begin a picture.</summary>
    private static List<double> Starts(DicomStream stream, DicomHeader header, List<(long Offset, int Length)> fragments)
    {
        var starts = new List<double>();
        Span<byte> first = stackalloc byte[4];
        foreach (var (offset, length) in fragments)
        {
            if (length < first.Length)
                continue;
            stream.Seek(offset);
            stream.Read(first);
            foreach (var mark in FirstBytes)
            {
                if (first.StartsWith(mark) && starts.Count < header.Frames)
                    starts.Add(offset);
            }
        }

        return starts;
    }
}
