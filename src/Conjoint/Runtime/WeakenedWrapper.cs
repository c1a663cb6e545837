using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Conjoint.Runtime;

/// <summary>
/// A copy of TorchSharp's wrapper that loads where the C++ library is older than GCC 13's (Debian 12, Ubuntu 22.04).
/// </summary>
/// <remarks>
/// The wrapper lists GLIBCXX_3.4.32 among the versions it needs, for one symbol that it never calls. The ELF format lets a
/// needed version be marked weak (VER_FLG_WEAK), and the dynamic linker then goes on without it.
/// Source: System V ABI, LSB core, "Symbol versioning", <c>Elfxx_Verneed</c> and <c>Elfxx_Vernaux</c>.
/// </remarks>
internal static class WeakenedWrapper
{
    private const uint SectionGnuVersionNeed = 0x6ffffffe;
    private const ushort WeakFlag = 2;

    // GCC 12's library, Debian 12's, ends at GLIBCXX_3.4.30; Ubuntu 22.04's at 3.4.30 too.
    private const string NewestOldVersion = "GLIBCXX_3.4.30";

    /// <summary>Writes the copy into the user's cache, once, and returns its path.</summary>
    public static string For(string wrapper)
    {
        var bytes = File.ReadAllBytes(wrapper);
        var name = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Weaken(bytes);

        var folder = Path.Combine(CacheFolder(), name);
        var path = Path.Combine(folder, Path.GetFileName(wrapper));
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
            return path;

        Directory.CreateDirectory(folder);
        // Several processes may come here at once: each writes its own file, and the last rename wins with equal bytes.
        var temporary = Path.Combine(folder, $"{Environment.ProcessId}.{Guid.NewGuid():N}.tmp");
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, path, overwrite: true);
        return path;
    }

    /// <summary>Marks every needed GLIBCXX version that is newer than the oldest supported system's as weak.</summary>
    /// <returns>How many were marked.</returns>
    /// <exception cref="TensorLibraryException">The bytes are not a 64-bit little-endian ELF library.</exception>
    internal static int Weaken(Span<byte> elf)
    {
        try
        {
            if (!ElfSection.IsElf(elf))
                throw new TensorLibraryException("TorchSharp's native wrapper is not a 64-bit ELF library; restore the packages again.");

            var (offset, length) = ElfSection.Headers(elf);
            var sections = ElfSection.ReadAll(elf.Slice((int)offset, length));
            var marked = 0;
            foreach (var section in sections.Where(s => s.Type == SectionGnuVersionNeed))
            {
                if (section.Link < 0 || section.Link >= sections.Length)
                    throw new ArgumentOutOfRangeException(nameof(elf));
                marked += WeakenNeeds(elf, (int)section.Offset, section.Info, (int)sections[section.Link].Offset);
            }

            return marked;
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new TensorLibraryException("TorchSharp's native wrapper is cut short; restore the packages again.", exception);
        }
    }

    private static int WeakenNeeds(Span<byte> elf, int need, int count, int names)
    {
        var marked = 0;
        for (var n = 0; n < count; n++)
        {
            int auxCount = BinaryPrimitives.ReadUInt16LittleEndian(elf[(need + 2)..]);
            var aux = need + BinaryPrimitives.ReadInt32LittleEndian(elf[(need + 8)..]);
            for (var a = 0; a < auxCount; a++)
            {
                if (IsTooNew(NameAt(elf, names + BinaryPrimitives.ReadInt32LittleEndian(elf[(aux + 8)..]))))
                {
                    var flags = BinaryPrimitives.ReadUInt16LittleEndian(elf[(aux + 4)..]);
                    BinaryPrimitives.WriteUInt16LittleEndian(elf[(aux + 4)..], (ushort)(flags | WeakFlag));
                    marked++;
                }

                aux += BinaryPrimitives.ReadInt32LittleEndian(elf[(aux + 12)..]);
            }

            need += BinaryPrimitives.ReadInt32LittleEndian(elf[(need + 12)..]);
        }

        return marked;
    }

    private static string NameAt(ReadOnlySpan<byte> elf, int offset)
    {
        var tail = elf[offset..];
        return Encoding.ASCII.GetString(tail[..tail.IndexOf((byte)0)]);
    }

    private static bool IsTooNew(string version) =>
        version.StartsWith("GLIBCXX_", StringComparison.Ordinal)
        && Version.TryParse(version["GLIBCXX_".Length..], out var needed)
        && needed > Version.Parse(NewestOldVersion["GLIBCXX_".Length..]);

    private static string CacheFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            cache = home.Length > 0 ? Path.Combine(home, ".cache") : null;
        }

        try
        {
            if (cache is not null)
                return Directory.CreateDirectory(Path.Combine(cache, "conjoint")).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A read-only home: a folder that only this process knows takes its place.
        }

        return Directory.CreateTempSubdirectory("conjoint-").FullName;
    }
}
