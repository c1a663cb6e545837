using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tasks.Prediction;

/// <summary>Writes a mask so that it lies exactly over its source: same axes, same size, same affine.</summary>
internal static class MaskFiles
{
    /// <summary>
    /// Writes a NIfTI file for a volume, besides an array for an array and an image a frame for a stack; a PNG for an image.
    /// </summary>
    /// <param name="folder">Where to.</param>
    /// <param name="scan">The source.</param>
    /// <param name="labels">[N·H·W] mask values in the order of <see cref="InferenceScan.Original"/>.</param>
    /// <param name="suffix">Follows the names; empty for a mask of all classes.</param>
    /// <returns>The files, relative to the folder.</returns>
    public static IReadOnlyList<string> Write(string folder, InferenceScan scan, ushort[] labels, string suffix = "")
    {
        if (!scan.Original.IsVolume)
            return [WriteImage(folder, $"{scan.Id}_mask{suffix}.png", labels, scan.Original)];

        var files = new List<string> { WriteNifti(folder, scan, labels, suffix) };
        if (scan.Content is FramesContent frames)
            files.AddRange(WriteFrames(folder, scan, frames, labels, suffix));
        else if (scan.Content is ArchiveContent || (scan.Content is FileContent file && file.Path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)))
            files.Add(WriteArray(folder, scan, labels, suffix));
        return files;
    }

    private static string WriteNifti(string folder, InferenceScan scan, ushort[] labels, string suffix)
    {
        var name = $"{scan.Id}_mask{suffix}.nii.gz";
        // A stack of images has no axes of its own: columns, rows and frames become x, y and z.
        var grid = scan.Original.Grid;
        var source = labels;
        if (grid is not null)
        {
            source = new ushort[labels.Length];
            grid.ToSource<ushort>(labels, source);
        }

        int[] size = grid is null ? [scan.Original.Width, scan.Original.Height, scan.Original.Slices] : [.. grid.Size];
        var voxels = Array.ConvertAll(source, v => (float)v);
        var volume = new Volume(voxels, size[0], size[1], size[2], grid?.Affine ?? Affine.Identity);
        NiftiFile.Write(Path.Combine(folder, name), volume, IsNarrow(labels) ? NiftiDataType.UInt8 : NiftiDataType.UInt16);
        return name;
    }

    /// <summary>An array in NumPy's order with the shape of the one that was read.</summary>
    private static string WriteArray(string folder, InferenceScan scan, ushort[] labels, string suffix)
    {
        var name = $"{scan.Id}_mask{suffix}.npy";
        var grid = scan.Original.Grid!;
        var source = new ushort[labels.Length];
        grid.ToSource<ushort>(labels, source);
        var (nx, ny, nz) = (grid.Size[0], grid.Size[1], grid.Size[2]);
        var ordered = new ushort[labels.Length];
        for (var x = 0; x < nx; x++)
        {
            for (var y = 0; y < ny; y++)
            {
                for (var z = 0; z < nz; z++)
                    ordered[(x * ny + y) * nz + z] = source[x + nx * (y + ny * z)];
            }
        }

        var path = Path.Combine(folder, name);
        if (IsNarrow(labels))
            NpyFile.Write<byte>(path, Array.ConvertAll(ordered, v => (byte)v), [nx, ny, nz]);
        else
            NpyFile.Write<ushort>(path, ordered, [nx, ny, nz]);
        return name;
    }

    private static IEnumerable<string> WriteFrames(string folder, InferenceScan scan, FramesContent frames, ushort[] labels, string suffix)
    {
        var inner = $"{scan.Id}_mask{suffix}";
        Directory.CreateDirectory(Path.Combine(folder, inner));
        var plane = scan.Original.Height * scan.Original.Width;
        for (var n = 0; n < frames.Paths.Count; n++)
        {
            var name = $"{inner}/{Path.GetFileNameWithoutExtension(frames.Paths[n])}.png";
            yield return WriteImage(folder, name, labels.AsSpan(n * plane, plane).ToArray(), scan.Original);
        }
    }

    private static string WriteImage(string folder, string name, ushort[] labels, RawScan scan)
    {
        var image = new Image(Array.ConvertAll(labels, v => (float)v), scan.Width, scan.Height);
        PngFile.Write(Path.Combine(folder, name), image, IsNarrow(labels) ? 8 : 16);
        return name;
    }

    private static bool IsNarrow(ushort[] labels) => labels.All(v => v <= byte.MaxValue);
}
