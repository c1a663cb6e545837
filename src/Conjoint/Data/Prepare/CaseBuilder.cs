using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>What became of a plan: the facts of a case in the store, or the reason why it was left out.</summary>
internal sealed record CaseOutcome(CasePlan Plan, string Id, CaseFacts? Facts, bool IsNew, SkippedInput? Skipped);

/// <summary>Makes one case of a store: reads, scales, writes and verifies, or finds that all this has been done before.</summary>
/// <remarks>Safe from many threads, for different cases.</remarks>
internal sealed class CaseBuilder(string storeFolder, PrepareSettings settings, ArchiveCache archives)
{
    public const string ImageName = "image.npy";
    public const string MaskName = "mask.npy";
    public const string SliceStdName = "slice_std.npy";

    private readonly ScanReader _reader = new(archives);

    /// <exception cref="IOException">The store can't be written.</exception>
    public CaseOutcome Build(CasePlan plan, string id)
    {
        var stage = "unreadable";
        try
        {
            var source = Checksum(plan.Content);
            stage = plan.Mask is null ? stage : "mask";
            var key = Key(plan, source, plan.Mask is null ? null : Checksum(plan.Mask));
            var folder = Path.Combine(storeFolder, PreparedStore.CasesFolder, id);
            if (Stored(folder, key) is { } kept)
                return new CaseOutcome(plan, id, kept, false, null);

            stage = "unreadable";
            var scan = _reader.Read(plan.Content);
            stage = "mask";
            var mask = plan.Mask is null ? default : Labels(plan, scan);
            stage = "values";
            return new CaseOutcome(plan, id, Write(folder, key, source, plan, scan, mask), true, null);
        }
        catch (InputDataException error)
        {
            return new CaseOutcome(plan, id, null, false, new SkippedInput(plan.Source, SkippedInput.Tell(error), stage));
        }
    }

    private (ushort[] Labels, int[] Found) Labels(CasePlan plan, RawScan scan)
    {
        if (plan.Mask is LayersContent layers)
        {
            var sets = _reader.ReadLayers(layers, scan, Maps(plan));
            return (sets, LayeredMask.LabelsIn(sets));
        }

        var (labels, found) = MaskLabels.From(_reader.ReadMask(plan.Mask!, scan));
        foreach (var map in Maps(plan))
            found = map.Apply(labels, found);
        return (labels, found);
    }

    /// <summary>First what the source's values mean, then what the user wants of them.</summary>
    private IReadOnlyList<LabelMap> Maps(CasePlan plan) => LabelMap.Chain(plan.Labels, settings.LabelMap);

    private CaseFacts Write(string folder, string key, string sourceChecksum, CasePlan plan, RawScan scan, (ushort[] Labels, int[] Found) mask)
    {
        var warnings = new List<string>(scan.Warnings);
        var modality = IntensityScaling.Apply(scan.Values, plan.Modality ?? scan.Modality, settings, warnings, scan.Window);
        var grid = GridPreparation.Of(scan, mask.Labels, settings, warnings);
        if (grid.Labels is not null && !ReferenceEquals(grid.Labels, mask.Labels))
            mask = (grid.Labels, plan.Mask is LayersContent ? LayeredMask.LabelsIn(grid.Labels) : [.. grid.Labels.Distinct().Where(l => l > 0).Order().Select(l => (int)l)]); // the cut may have taken some
        scan = grid.Stored;
        int[] shape = [scan.Slices, scan.Height, scan.Width];
        var halves = new Half[scan.Values.Length];
        for (var i = 0; i < halves.Length; i++)
            halves[i] = (Half)scan.Values[i];

        // The facts come last and go first: whoever finds them may trust the arrays.
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, CaseFacts.FileName));
        File.Delete(Path.Combine(folder, MaskName));
        var facts = new CaseFacts
        {
            Key = key,
            SourceChecksum = sourceChecksum,
            Kind = scan.IsVolume ? CaseKind.Volume : CaseKind.Image,
            Modality = modality,
            Slices = scan.Slices,
            Height = scan.Height,
            Width = scan.Width,
            SpacingMm = scan.SpacingMm,
            Orientation = scan.HasGeometry ? scan.Grid?.Affine.AxisCodes : null,
            Affine = scan.StoredAffine,
            SourceGrid = scan.Grid,
            GridMap = scan.Map,
            MaskLabels = mask.Found ?? [],
            ImageChecksum = StoreFiles.Write(Path.Combine(folder, ImageName), s => NpyFile.Write<Half>(s, halves, shape)),
            SliceStdChecksum = StoreFiles.Write(Path.Combine(folder, SliceStdName), s => NpyFile.Write<float>(s, SliceStd(scan), [scan.Slices]), flush: false),
            MaskChecksum = mask.Labels is null ? null : WriteMask(Path.Combine(folder, MaskName), mask.Labels, shape),
            Warnings = warnings,
        };
        StoreFiles.Write(Path.Combine(folder, CaseFacts.FileName), s => s.Write(StoreJson.Bytes(facts)), flush: false);
        return facts;
    }

    private static string WriteMask(string path, ushort[] labels, int[] shape)
    {
        if (labels.AsSpan().ContainsAnyExceptInRange((ushort)0, byte.MaxValue))
            return StoreFiles.Write(path, s => NpyFile.Write<ushort>(s, labels, shape));
        var narrow = new byte[labels.Length];
        for (var i = 0; i < narrow.Length; i++)
            narrow[i] = (byte)labels[i];
        return StoreFiles.Write(path, s => NpyFile.Write<byte>(s, narrow, shape));
    }

    private static float[] SliceStd(RawScan scan)
    {
        var plane = scan.Height * scan.Width;
        var result = new float[scan.Slices];
        for (var n = 0; n < result.Length; n++)
        {
            var (sum, squares) = (0.0, 0.0);
            foreach (var value in scan.Values.AsSpan(n * plane, plane))
            {
                sum += value;
                squares += (double)value * value;
            }

            var mean = sum / plane;
            result[n] = (float)Math.Sqrt(Math.Max(0, squares / plane - mean * mean));
        }

        return result;
    }

    /// <summary>The facts of an earlier run, when they hold for the same content and settings and the arrays are as they were written.</summary>
    private static CaseFacts? Stored(string folder, string key)
    {
        var path = Path.Combine(folder, CaseFacts.FileName);
        if (!File.Exists(path))
            return null;
        CaseFacts? facts;
        try
        {
            facts = JsonSerializer.Deserialize<CaseFacts>(File.ReadAllBytes(path), StoreJson.Indented);
        }
        catch (JsonException)
        {
            return null; // damaged: the case is made anew
        }

        return facts is not null && facts.Key == key
            && Holds(ImageName, facts.ImageChecksum) && Holds(SliceStdName, facts.SliceStdChecksum) && Holds(MaskName, facts.MaskChecksum)
            ? facts
            : null;

        bool Holds(string name, string? checksum)
        {
            var file = Path.Combine(folder, name);
            return checksum is null ? !File.Exists(file) : File.Exists(file) && StoreFiles.Checksum(file) == checksum;
        }
    }

    private string Key(CasePlan plan, string source, string? mask)
    {
        var text = string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{NonDefault()}{CaseFacts.ProcessingVersion}|{plan.Content.GetType().Name}|{plan.Modality}|{settings.CtWindowLow:R}|{settings.CtWindowHigh:R}|{settings.LowPercentile:R}|{settings.HighPercentile:R}|{source}|{mask}");
        // Only where it counts, so that stores from before keep their cases.
        if (plan.Mask is not null && Maps(plan) is { Count: > 0 } maps)
            text += "|" + string.Join('|', maps);
        if (plan.Mask is LayersContent layers)
            text += "|sets|" + string.Join(',', layers.Layers.Select(l => l.HoldsLabels ? $"{l.Label}.." : $"{l.Label}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Settings that stores of before did not have: nothing where they change nothing, so that those stores stay as they are.</summary>
    private string NonDefault() =>
        settings is { Normalisation: IntensityRule.Default, ChangesGrid: false } ? "" : $"{settings.Normalisation}|{settings.Spacing}|{settings.Crop}|{settings.Pad}|";

    private string Checksum(CaseContent content)
    {
        switch (content)
        {
            case FileContent file:
                var others = FileNames.SecondOfPair(file.Path) is { } second ? [second] : ImageFile.DataFiles(file.Path);
                return others.Count > 0
                    ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ChecksumOf(file.Path) + string.Concat(others.Select(ChecksumOf)))))
                    : ChecksumOf(file.Path);
            case FramesContent or LayersContent or SeriesContent or SeriesFilesContent:
                var all = string.Join('|', content.Files.Select(ChecksumOf));
                return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)));
            case ContourContent contours:
                return ChecksumOf(contours.Path);
            case ArchiveContent archive:
                return archives.Checksum(archive);
            default:
                throw new ArgumentException($"{content.GetType().Name} has no checksum.", nameof(content));
        }
    }

    private static string ChecksumOf(IEnumerable<string> paths) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', paths.Select(ChecksumOf)))));

    private static string ChecksumOf(string path)
    {
        try
        {
            return StoreFiles.Checksum(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputDataException(path, $"cannot be read ({error.Message})", error);
        }
    }
}
