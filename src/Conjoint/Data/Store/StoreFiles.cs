using System.Security.Cryptography;

namespace Conjoint.Data;

/// <summary>Writing files of a store: whole or not at all, and read back to see that the disk holds what was meant.</summary>
/// <remarks>
/// Not <see cref="Runtime.AtomicFile"/>: a store has a hundred thousand files, each flush costs milliseconds, and whatever a power
/// cut spoils is found by its checksum and made again.
/// </remarks>
internal static class StoreFiles
{
    /// <summary>Ends the names of files that are being written; whoever finds one after a crash may delete it.</summary>
    public const string TemporarySuffix = ".part";

    private const int BufferBytes = 1 << 16;

    /// <summary>Writes a file beside its place, reads it back, and moves it to its place.</summary>
    /// <param name="path">Its place; the folder exists.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="flush">Whether the content has to survive a power cut; small files that are easily made again need not.</param>
    /// <returns>SHA-256 of the content in hexadecimal.</returns>
    /// <exception cref="IOException">The disk is full, or gives back something else than was written.</exception>
    public static string Write(string path, Action<Stream> write, bool flush = true)
    {
        var temporary = path + TemporarySuffix;
        string meant;
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes))
        using (var hash = SHA256.Create())
        {
            using (var hashing = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
                write(hashing);
            file.Flush(flushToDisk: flush);
            meant = Convert.ToHexStringLower(hash.Hash!);
        }

        if (Checksum(temporary) != meant)
            throw new IOException($"{path}: the disk gives back other bytes than were written; check the disk.");
        File.Move(temporary, path, overwrite: true);
        return meant;
    }

    /// <summary>SHA-256 of a file in hexadecimal.</summary>
    public static string Checksum(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
