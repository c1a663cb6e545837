using System.Runtime.InteropServices;

namespace Conjoint.Runtime;

/// <summary>Writes files that are either there whole or not at all, whatever happens to the process or the machine.</summary>
/// <remarks>
/// The content goes to a temporary file in the same folder, is flushed to the disk, and takes its name by a rename; then
/// the folder itself is flushed, since the new name is the folder's content. Safe from several threads and processes: the
/// last rename wins.
/// </remarks>
public static partial class AtomicFile
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Writes a file; an existing one is replaced only after the new one is complete.</summary>
    /// <param name="path">The file; its folder has to exist.</param>
    /// <param name="write">Writes the content; the stream is closed for it afterwards and can be read and sought.</param>
    /// <exception cref="IOException">The disk is full, the folder is missing, or the like; an older file is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);

        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full) ?? throw new IOException($"{path}: a folder cannot be written as a file.");
        var temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        FlushFolder(folder);
    }

    /// <summary>Writes a file of text, UTF-8 without a byte-order mark.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void WriteText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Makes the folder's list of names durable; file systems that cannot flush a folder need no flushing.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        // .NET opens no folders, so this goes to the C library.
        var descriptor = Open(folder, ReadOnlyCloseOnExec);
        if (descriptor < 0)
            return;
        _ = Synchronise(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronise(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
