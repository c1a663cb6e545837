using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using System.Text.RegularExpressions;

namespace Conjoint.Runtime.Diagnosis;

/// <summary>What Linux tells about itself in its files; nothing where a file is missing.</summary>
internal static partial class LinuxFacts
{
    private static readonly string[] s_instructionSets = ["avx2", "avx512f", "avx512_bf16", "amx_bf16"];

    /// <summary>PRETTY_NAME of os-release(5).</summary>
    public static string? SystemName() =>
        Lines("/etc/os-release").FirstOrDefault(l => l.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?["PRETTY_NAME=".Length..].Trim('"');

    public static ProcessorFacts Processor()
    {
        var lines = Lines("/proc/cpuinfo");
        var flags = Field(lines, "flags")?.Split(' ').ToHashSet(StringComparer.Ordinal);
        IReadOnlyList<string> sets = flags is not null ? [.. s_instructionSets.Where(flags.Contains)] : Avx2.IsSupported ? ["avx2"] : [];
        return new ProcessorFacts(Field(lines, "model name"), Environment.ProcessorCount, sets, CacheTopology.IsHidden, CacheTopology.IsWithoutOneDnn);
    }

    public static long? AvailableMemory() =>
        Field(Lines("/proc/meminfo"), "MemAvailable") is { } text && long.TryParse(text.Split(' ')[0], CultureInfo.InvariantCulture, out var kilobytes)
            ? kilobytes * 1024
            : null;

    /// <summary>The cards that NVIDIA's driver lists, whether or not libtorch can use them.</summary>
    public static IReadOnlyList<string> NvidiaCards()
    {
        const string folder = "/proc/driver/nvidia/gpus";
        return Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(d => Field(Lines(Path.Combine(d, "information")), "Model") ?? "unnamed card")]
            : [];
    }

    /// <summary>The newest version among those that the system's libstdc++ defines.</summary>
    public static string? NewestGlibcxx()
    {
        // The dynamic linker finds the library; the process's map tells where.
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libstdc++.so.6", out _))
            return null;
        var path = Lines("/proc/self/maps").Select(l => l[(l.LastIndexOf(' ') + 1)..]).FirstOrDefault(f => Path.GetFileName(f).StartsWith("libstdc++.so", StringComparison.Ordinal));
        return path is null ? null : NewestGlibcxx(File.ReadAllBytes(path));
    }

    internal static string? NewestGlibcxx(ReadOnlySpan<byte> library) =>
        GlibcxxVersion().Matches(Encoding.Latin1.GetString(library))
            .Select(m => Version.Parse(m.Groups[1].Value))
            .Max() is { } newest ? $"GLIBCXX_{newest}" : null;

    private static string? Field(IEnumerable<string> lines, string name) =>
        lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal) && l[name.Length..].TrimStart().StartsWith(':')) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : null;

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or a container that hides the file: the fact is unknown, which is an answer.
            return [];
        }
    }

    [GeneratedRegex(@"GLIBCXX_(\d+\.\d+(?:\.\d+)?)\0")]
    private static partial Regex GlibcxxVersion();
}
