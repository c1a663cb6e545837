using System.IO.Compression;

namespace Conjoint.Imaging;

/// <summary>Writes NIfTI files.</summary>
public static class NiftiFile
{
    /// <summary>Writes a volume as a single file, gzipped when the name ends in <c>.gz</c>.</summary>
    /// <param name="path">The file (<c>.nii</c> or <c>.nii.gz</c>); replaced when it exists.</param>
    /// <param name="volume">Voxels and geometry; axes stay as they are.</param>
    /// <param name="type">How voxels are stored; for integers they are rounded to the nearest (ties to even).</param>
    /// <param name="version">1, or 2 for a geometry in double precision; a size above 32767 always takes version 2.</param>
    /// <exception cref="ArgumentException">A voxel is not finite or out of range for an integer type.</exception>
    public static void Write(string path, Volume volume, NiftiDataType type, int version = 1)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = File.Create(path);
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            Write(file, volume, type, version);
            return;
        }

        using var compressed = new GZipStream(file, CompressionLevel.Optimal);
        Write(compressed, volume, type, version);
    }

    /// <summary>Writes a volume as a single file, not compressed.</summary>
    /// <param name="stream">Where to write; stays open.</param>
    /// <param name="volume">Voxels and geometry; axes stay as they are.</param>
    /// <param name="type">How voxels are stored; for integers they are rounded to the nearest (ties to even).</param>
    /// <param name="version">1, or 2 for a geometry in double precision; a size above 32767 always takes version 2.</param>
    /// <exception cref="ArgumentException">A voxel is not finite or out of range for an integer type.</exception>
    public static void Write(Stream stream, Volume volume, NiftiDataType type, int version = 1)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, 2);
        NiftiWriter.Write(stream, volume, type, version);
    }
}
