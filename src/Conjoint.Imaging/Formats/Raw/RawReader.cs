using System.Buffers;

namespace Conjoint.Imaging;

/// <summary>Reads the values that a <see cref="RawLayout"/> describes, in pieces.</summary>
internal static class RawReader
{
    // A multiple of every value's size, small enough for the second-level cache.
    private const int ChunkBytes = 1 << 18;

    private delegate void ChunkAction(ReadOnlySpan<byte> littleEndian, long firstValue);

    /// <summary>One frame; colours as luminance.</summary>
    /// <exception cref="InputDataException">The data are damaged, or there is no such frame.</exception>
    public static Volume ReadVolume(RawLayout layout, int frame)
    {
        if (frame >= layout.Frames)
            throw new InputDataException(layout.HeaderPath, $"has {layout.Frames} frames; there is no frame {frame} (counted from 0)");
        if (!layout.Affine.IsInvertible)
        {
            throw new InputDataException(layout.HeaderPath,
                "the affine can't be inverted; expected non-zero spacing and three different directions");
        }

        var size = layout.Size;
        return new Volume(ReadFrame(layout, frame), size[0], size[1], size[2], layout.Affine);
    }

    /// <summary>The only frame of a plain image; colours as luminance.</summary>
    /// <exception cref="InputDataException">The data are damaged, or are no plain image.</exception>
    public static Image ReadImage(RawLayout layout)
    {
        var size = layout.Size;
        if (size[2] != 1 || layout.Frames != 1)
        {
            throw new InputDataException(layout.HeaderPath,
                $"is a volume of {string.Join('×', layout.Describe().Shape)}; expected a plain image");
        }

        return new Image(ReadFrame(layout, 0), size[0], size[1]);
    }

    /// <summary>Hands every value over in stored order.</summary>
    /// <exception cref="InputDataException">The data are damaged.</exception>
    public static void Scan(RawLayout layout, ValueVisitor visitor)
    {
        var size = layout.DType.SizeInBytes();
        var values = new double[(int)Math.Min(ChunkBytes / size, layout.Values)];
        Read(layout, 0, layout.Values, static () => { }, (chunk, _) =>
        {
            var part = values.AsSpan(0, chunk.Length / size);
            ElementConversion.ToDouble(chunk, layout.DType, part);
            visitor(part);
        });
    }

    private static float[] ReadFrame(RawLayout layout, int frame)
    {
        if (layout.Samples > 1 && !(layout.IsColour && layout.Samples is 3 or 4))
        {
            throw new InputDataException(layout.HeaderPath,
                $"holds {layout.Samples} values a voxel; expected one, or colours of 3 or 4 samples");
        }

        // Opacity, the fourth sample, says nothing of the luminance.
        var planes = new float[Math.Min(layout.Samples, 3)][];
        long first = layout.Start(frame, 0), step = layout.VoxelStep;
        var last = layout.Start(frame, planes.Length - 1) + (layout.FrameVoxels - 1) * step;
        var size = layout.DType.SizeInBytes();
        var values = Array.Empty<float>();
        Read(layout, first, last + 1, Allocate, (chunk, at) =>
        {
            if (planes.Length == 1 && step == 1)
            {
                ElementConversion.ToSingle(chunk, layout.DType, planes[0].AsSpan((int)(at - first), chunk.Length / size));
                return;
            }

            var part = values.AsSpan(0, chunk.Length / size);
            ElementConversion.ToSingle(chunk, layout.DType, part);
            for (var sample = 0; sample < planes.Length; sample++)
                Pick(part, at, layout.Start(frame, sample), step, planes[sample]);
        });
        if (planes.Length == 1)
            return planes[0];
        for (var i = 0; i < planes[0].Length; i++)
            planes[0][i] = Luminance.Of(planes[0][i], planes[1][i], planes[2][i]);
        return planes[0];

        void Allocate()
        {
            for (var sample = 0; sample < planes.Length; sample++)
                planes[sample] = new float[layout.FrameVoxels];
            values = new float[ChunkBytes / size];
        }
    }

    /// <summary>Takes from the values at <paramref name="at"/> and after it those that belong to a plane that begins at <paramref name="start"/>.</summary>
    private static void Pick(ReadOnlySpan<float> values, long at, long start, long step, float[] plane)
    {
        var voxel = at <= start ? 0 : (at - start + step - 1) / step;
        for (var from = start + voxel * step - at; from < values.Length && voxel < plane.Length; from += step, voxel++)
            plane[voxel] = values[(int)from];
    }

    /// <summary>Hands the values from first to before end over, chunk after chunk, once it is certain that they are there.</summary>
    private static void Read(RawLayout layout, long first, long end, Action allocate, ChunkAction action)
    {
        var size = layout.DType.SizeInBytes();
        var fileValues = layout.Values / layout.Files.Count;
        // Each file is opened once before anything is allocated, so that a false size is told first.
        foreach (var file in Wanted(layout, first, end, fileValues))
            RawData.Open(layout, file.File, fileValues * size).Dispose();
        allocate();

        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            foreach (var (file, start) in Wanted(layout, first, end, fileValues))
            {
                using var data = RawData.Open(layout, file, fileValues * size);
                var at = Math.Max(first, start);
                var stop = Math.Min(end, start + fileValues);
                data.Skip((at - start) * size);
                while (at < stop)
                {
                    var chunk = buffer.AsSpan(0, (int)Math.Min(ChunkBytes, (stop - at) * size));
                    InputFile.ReadExactly(data.Bytes, chunk, layout.HeaderPath);
                    if (layout.IsBigEndian && layout.Encoding != RawEncoding.Text)
                        ElementConversion.ReverseBytes(chunk, size);
                    action(chunk, at);
                    at += chunk.Length / size;
                }

                if (stop == start + fileValues)
                    data.Verify();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static IEnumerable<(RawFile File, long Start)> Wanted(RawLayout layout, long first, long end, long fileValues)
    {
        for (var n = 0; n < layout.Files.Count; n++)
        {
            if ((n + 1) * fileValues > first && n * fileValues < end)
                yield return (layout.Files[n], n * fileValues);
        }
    }
}
