using System.IO.MemoryMappedFiles;
using Conjoint.Runtime;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Runtime;

/// <summary>Holds the rewriting of the wrapper's version requirements to a slow, plain reading of the ELF format.</summary>
public class WeakenedWrapperTests
{
    private static string WrapperPath => Path.Combine(NativeBoot.Origin!.WrapperFolder, "libLibTorchSharp.so");

    private static byte[] Wrapper() => File.ReadAllBytes(WrapperPath);

    [Fact]
    public void What_an_older_system_lacks_becomes_weak_and_nothing_else_changes()
    {
        var before = Wrapper();
        var after = (byte[])before.Clone();
        Assert.Equal(1, WeakenedWrapper.Weaken(after));

        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["after.so"], after);
        Assert.Contains(("libstdc++.so.6", "GLIBCXX_3.4.32", false), Needs(WrapperPath));
        Assert.Equal(Needs(WrapperPath).Select(n => n.Version == "GLIBCXX_3.4.32" ? n with { IsWeak = true } : n), Needs(folder["after.so"]));
        Assert.Equal(1, before.Zip(after).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    public void Everything_else_is_there_on_the_oldest_supported_systems()
    {
        // Ubuntu 22.04: glibc 2.35, GCC 12's libraries; Debian 12: glibc 2.36, GCC 12's.
        var newest = new Dictionary<string, Version> { ["GLIBC"] = new(2, 35), ["GLIBCXX"] = new(3, 4, 30), ["CXXABI"] = new(1, 3, 13), ["GCC"] = new(12, 0, 0) };
        string[] libraries = ["libc10.so", "libtorch_cpu.so", "libtorch.so", "libgomp*.so*"];
        foreach (var library in libraries.SelectMany(l => Directory.GetFiles(NativeBoot.Origin!.Folder, l)).Append(WeakenedWrapper.For(WrapperPath)))
        {
            var tooNew = Needs(library)
                .Where(n => !n.IsWeak)
                .Select(n => n.Version.Split('_', 2))
                .Where(v => newest.TryGetValue(v[0], out var limit) && Version.TryParse(v[1], out var needed) && needed > limit);
            Assert.Empty(tooNew.Select(v => $"{Path.GetFileName(library)}: {string.Join('_', v)}"));
        }
    }

    [Fact]
    public void Weakening_twice_is_weakening_once()
    {
        var once = Wrapper();
        WeakenedWrapper.Weaken(once);
        var twice = (byte[])once.Clone();
        WeakenedWrapper.Weaken(twice);
        Assert.Equal(once, twice);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(63)]
    [InlineData(5000)]
    public void A_wrapper_cut_short_is_refused_with_a_sentence(int length) =>
        Assert.StartsWith(
            "TorchSharp's native wrapper is",
            Assert.Throws<TensorLibraryException>(() => WeakenedWrapper.Weaken(Wrapper().AsSpan(0, length).ToArray())).Message, StringComparison.Ordinal);

    [Fact]
    public void Something_else_is_refused_with_a_sentence() =>
        Assert.Throws<TensorLibraryException>(() => WeakenedWrapper.Weaken("#!/bin/sh\n"u8.ToArray()));

    [Fact]
    public void The_copy_is_written_once_and_holds_the_weakened_bytes()
    {
        var copy = WeakenedWrapper.For(WrapperPath);
        var written = File.GetLastWriteTimeUtc(copy);
        Assert.Equal(copy, WeakenedWrapper.For(WrapperPath));
        Assert.Equal(written, File.GetLastWriteTimeUtc(copy));
        var expected = Wrapper();
        WeakenedWrapper.Weaken(expected);
        Assert.Equal(expected, File.ReadAllBytes(copy));
    }

    /// <summary>Every needed version of a library, by the dynamic section as the linker reads it; none for a library without.</summary>
    private static List<(string File, string Version, bool IsWeak)> Needs(string library)
    {
        using var map = MemoryMappedFile.CreateFromFile(library, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var elf = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        long At(long offset, int bytes) => bytes switch { 2 => elf.ReadUInt16(offset), 4 => elf.ReadUInt32(offset), _ => elf.ReadInt64(offset) };

        // Program headers: PT_LOAD (1) maps addresses to the file, PT_DYNAMIC (2) holds tags.
        var headers = Enumerable.Range(0, (int)At(0x38, 2)).Select(i => At(0x20, 8) + i * At(0x36, 2)).ToList();
        long InFile(long address) => headers
            .Where(h => At(h, 4) == 1 && address >= At(h + 0x10, 8) && address < At(h + 0x10, 8) + At(h + 0x20, 8))
            .Select(h => address - At(h + 0x10, 8) + At(h + 8, 8)).Single();
        var dynamic = At(headers.Single(h => At(h, 4) == 2) + 8, 8);
        var tags = Enumerable.Range(0, 1000).Select(i => (Tag: At(dynamic + 16 * i, 8), Value: At(dynamic + 16 * i + 8, 8))).TakeWhile(t => t.Tag != 0).ToList();

        var strings = InFile(tags.Single(t => t.Tag == 5).Value);                 // DT_STRTAB
        string Text(long offset) => string.Concat(Enumerable.Range(0, 200).Select(i => (char)elf.ReadByte(strings + offset + i)).TakeWhile(c => c != 0));

        var needs = new List<(string, string, bool)>();
        if (tags.All(t => t.Tag != 0x6ffffffe))
            return needs;
        var need = InFile(tags.Single(t => t.Tag == 0x6ffffffe).Value);           // DT_VERNEED
        for (var left = tags.Single(t => t.Tag == 0x6fffffff).Value; left > 0; left--, need += At(need + 12, 4))
        {
            var aux = need + At(need + 8, 4);
            for (var count = At(need + 2, 2); count > 0; count--, aux += At(aux + 12, 4))
                needs.Add((Text(At(need + 4, 4)), Text(At(aux + 8, 4)), (At(aux + 4, 2) & 2) != 0));
        }

        return needs;
    }
}
