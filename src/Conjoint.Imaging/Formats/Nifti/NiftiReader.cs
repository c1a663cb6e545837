using System.Buffers;

namespace Conjoint.Imaging;

/// <summary>Reads the voxels of NIfTI files in pieces.</summary>
internal static class NiftiReader
{
    // A multiple of every voxel size, small enough for the second-level cache.
    private const int ChunkBytes = 1 << 18;

    private delegate void ChunkAction(ReadOnlySpan<byte> littleEndian, long firstVoxel);

    public static NiftiHeader ReadHeader(string path)
    {
        using var stream = NiftiStream.Open(path);
        return NiftiHeaderReader.Read(stream.Bytes, path);
    }

    public static Volume ReadVolume(string path, int frame)
    {
        var header = ReadHeader(path);
        if (frame >= header.Frames)
            throw new InputDataException(path, $"has {header.Frames} volumes; there is no frame {frame} (counted from 0)");
        var (affine, _, _) = NiftiGeometry.Read(header, path);
        if (!affine.IsInvertible)
        {
            throw new InputDataException(path,
                "the affine can't be inverted; expected a 4×4 matrix with non-zero spacing and three different directions");
        }

        var scaling = header.Scaling;
        float[]? voxels = null;
        ReadFrames(path, header, frame, 1, () => voxels = LargeArrays.Allocate<float>(header.FrameVoxels), (chunk, first) =>
        {
            var part = voxels.AsSpan((int)first, chunk.Length / header.DType.SizeInBytes());
            if (scaling == (1, 0))
                ElementConversion.ToSingle(chunk, header.DType, part);
            else
                ToScaledSingle(chunk, header.DType, scaling, part);
        });
        return new Volume(voxels!, header.Size(0), header.Size(1), header.Size(2), affine);
    }

    public static void Scan(string path, ValueVisitor visitor)
    {
        var header = ReadHeader(path);
        var (slope, intercept) = header.Scaling;
        var values = new double[(int)Math.Min(ChunkBytes / header.DType.SizeInBytes(), header.FrameVoxels * header.Frames)];
        ReadFrames(path, header, 0, header.Frames, static () => { }, (chunk, _) =>
        {
            var part = values.AsSpan(0, chunk.Length / header.DType.SizeInBytes());
            ElementConversion.ToDouble(chunk, header.DType, part);
            if (slope != 1 || intercept != 0)
            {
                foreach (ref var value in part)
                    value = value * slope + intercept;
            }

            visitor(part);
        });
    }

    /// <summary>Hands the voxels of some frames over, chunk after chunk, once it is certain that they are there.</summary>
    private static void ReadFrames(string path, NiftiHeader header, int first, int count, Action allocate, ChunkAction action)
    {
        var voxelsPath = header.IsSingleFile ? path : VoxelsOfPair(path);
        using var stream = NiftiStream.Open(voxelsPath);
        var start = header.VoxOffset + (Int128)first * header.FrameBytes;
        var end = start + (Int128)count * header.FrameBytes;
        stream.Require(end > long.MaxValue ? long.MaxValue : (long)end);
        allocate();
        stream.Skip((long)start);

        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            var size = header.DType.SizeInBytes();
            var voxel = 0L;
            for (var left = (long)(end - start); left > 0;)
            {
                var chunk = buffer.AsSpan(0, (int)Math.Min(ChunkBytes, left));
                InputFile.ReadExactly(stream.Bytes, chunk, voxelsPath);
                if (header.BigEndian)
                    ElementConversion.ReverseBytes(chunk, size);
                action(chunk, voxel);
                voxel += chunk.Length / size;
                left -= chunk.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        stream.Verify(isLast: first + count == header.Frames);
    }

    private static void ToScaledSingle(
        ReadOnlySpan<byte> source, ElementType type, (double Slope, double Intercept) scaling, Span<float> destination)
    {
        if (type.FitsSingle())
        {
            ElementConversion.ToSingle(source, type, destination);
            ElementConversion.Scale(destination, scaling.Slope, scaling.Intercept);
            return;
        }

        // In double, because a slope applied to 32-bit integers in single would lose their low bits.
        Span<double> values = stackalloc double[512];
        var size = type.SizeInBytes();
        for (var at = 0; at < destination.Length; at += values.Length)
        {
            var part = values[..Math.Min(values.Length, destination.Length - at)];
            ElementConversion.ToDouble(source.Slice(at * size, part.Length * size), type, part);
            for (var i = 0; i < part.Length; i++)
                destination[at + i] = (float)(part[i] * scaling.Slope + scaling.Intercept);
        }
    }

    private static string VoxelsOfPair(string path)
    {
        var isCompressed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        var stem = Path.ChangeExtension(isCompressed ? path[..^3] : path, null);
        // A compressed header belongs with compressed voxels, where both are there.
        string[] candidates = isCompressed ? [stem + ".img.gz", stem + ".img"] : [stem + ".img", stem + ".img.gz"];
        foreach (var candidate in candidates)
        {
            if (File.Exists(candidate))
                return candidate;
        }

        throw new InputDataException(path, $"is the header of a NIfTI pair whose voxels are missing; expected {stem}.img beside it");
    }
}
