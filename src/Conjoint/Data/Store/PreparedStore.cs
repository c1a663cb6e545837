using System.Text.Json;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// A folder written by <see cref="Preparer"/>: <c>manifest.json</c> and, for each case, NumPy arrays that are mapped into memory
/// when they are read.
/// </summary>
/// <remarks>Reading is safe from many threads.</remarks>
public sealed class PreparedStore : IDisposable
{
    /// <summary>Name of the manifest's file.</summary>
    public const string ManifestFile = "manifest.json";

    /// <summary>Name of the file that lists what was left out, one JSON object a line.</summary>
    public const string SkippedFile = "skipped.jsonl";

    internal const string CasesFolder = "cases";

    private const int MappedArrays = 256;
    private readonly ArrayCache _arrays = new(MappedArrays);

    private PreparedStore(string folder, StoreManifest manifest) => (Folder, Manifest) = (folder, manifest);

    /// <summary>The store's folder, as it was named.</summary>
    public string Folder { get; }

    /// <summary>All of the manifest.</summary>
    public StoreManifest Manifest { get; }

    /// <summary>The cases, in the order of their names.</summary>
    public IReadOnlyList<StoreCase> Cases => Manifest.Cases;

    /// <summary>Names of the classes of whole cases; <see cref="StoreCase.Label"/> is an index. Empty when nothing is labelled.</summary>
    public IReadOnlyList<string> ClassNames => Manifest.ClassNames;

    /// <summary>Foreground labels found in masks, ascending.</summary>
    public IReadOnlyList<int> MaskClasses => Manifest.MaskClasses;

    /// <summary>Names of the classes of boxes, in alphabetical order.</summary>
    public IReadOnlyList<string> BoxClasses => Manifest.BoxClasses;

    /// <summary>Whether a folder looks like a store.</summary>
    public static bool IsStore(string folder) =>
        File.Exists(Path.Combine(folder, ManifestFile)) && Directory.Exists(Path.Combine(folder, CasesFolder));

    /// <summary>Opens a store; arrays are opened when they are first read.</summary>
    /// <exception cref="InputDataException">Missing, not a store, or of another version.</exception>
    public static PreparedStore Open(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
            throw new InputDataException(folder, "does not exist; expected a store made by 'conjoint prepare SOURCE --out STORE'");
        var manifestPath = Path.Combine(folder, ManifestFile);
        if (!File.Exists(manifestPath))
            throw new InputDataException(folder, $"is no store, it has no {ManifestFile}; make one with 'conjoint prepare {folder} --out STORE'");
        return new PreparedStore(folder, ReadManifest(manifestPath));
    }

    /// <summary>Reads whole slices as values in [0, 1].</summary>
    /// <param name="storeCase">A case of this store.</param>
    /// <param name="first">First slice.</param>
    /// <param name="count">How many slices.</param>
    /// <param name="destination">[count, H, W], exactly.</param>
    /// <exception cref="InputDataException">The array is missing or damaged, or holds infinite values or NaN.</exception>
    public void ReadSlices(StoreCase storeCase, int first, int count, Span<float> destination)
    {
        ReadAnySlices(storeCase, first, count, destination);
        if (!FiniteValues.All(destination))
            throw new InputDataException(PathOf(storeCase.ImageFile), "holds values that are infinite or NaN, which 'conjoint prepare' never writes; run it again to mend the store");
    }

    /// <summary>The same without a look at the values: in stage <c>slices</c>, a slice that holds no numbers costs its step and not the run.</summary>
    internal void ReadAnySlices(StoreCase storeCase, int first, int count, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(storeCase);
        var plane = Check(storeCase, first, count, destination.Length);
        var path = PathOf(storeCase.ImageFile);
        unsafe
        {
            fixed (float* pinned = destination)
            {
                var (target, length) = ((nint)pinned, destination.Length);
                _arrays.Read(path, storeCase.Cube?.Volume ?? storeCase, array =>
                {
                    if (array.Type != ElementType.Float16)
                        throw new InputDataException(path, $"holds {array.Type} where a store has float16; run 'conjoint prepare' again to mend the store");
                    if (storeCase.Cube is { } cube)
                        cube.Read(array, storeCase, first, count, new Span<float>((void*)target, length));
                    else
                        HalfConversion.ToSingle(array.Values<Half>(first * plane, length), new Span<float>((void*)target, length));
                });
            }
        }
    }

    /// <summary>Reads whole slices of the mask.</summary>
    /// <param name="storeCase">A case of this store.</param>
    /// <param name="first">First slice.</param>
    /// <param name="count">How many slices.</param>
    /// <param name="destination">[count, H, W], exactly; 0 is background. Sets of labels where <see cref="StoreCase.HasLayers"/>.</param>
    /// <exception cref="InputDataException">The case has no mask, or the array is missing or damaged.</exception>
    public void ReadMask(StoreCase storeCase, int first, int count, Span<ushort> destination)
    {
        ArgumentNullException.ThrowIfNull(storeCase);
        if (storeCase.MaskFile is null)
            throw new InputDataException(Path.Combine(Folder, storeCase.Id), "has no mask");
        var plane = Check(storeCase, first, count, destination.Length);
        var path = PathOf(storeCase.MaskFile);
        unsafe
        {
            fixed (ushort* pinned = destination)
            {
                var (target, length) = ((nint)pinned, destination.Length);
                _arrays.Read(path, storeCase, array =>
                {
                    var labels = new Span<ushort>((void*)target, length);
                    if (array.Type == ElementType.UInt16)
                    {
                        array.Values<ushort>(first * plane, length).CopyTo(labels);
                        return;
                    }

                    if (array.Type != ElementType.UInt8)
                        throw new InputDataException(path, $"holds {array.Type} where a mask has uint8 or uint16; run 'conjoint prepare' again to mend the store");
                    var bytes = array.Values<byte>(first * plane, length);
                    for (var i = 0; i < bytes.Length; i++)
                        labels[i] = bytes[i];
                });
            }
        }
    }

    /// <summary>Standard deviation of each slice on the [0, 1] scale, [N].</summary>
    /// <exception cref="InputDataException">The array is missing or damaged.</exception>
    public float[] ReadSliceStd(StoreCase storeCase)
    {
        ArgumentNullException.ThrowIfNull(storeCase);
        var path = PathOf(storeCase.SliceStdFile);
        var values = NpyFile.Read(path).ToSingle();
        return values.Length == storeCase.Slices
            ? values
            : throw new InputDataException(path, $"has {values.Length} values where the manifest says {storeCase.Slices}; run 'conjoint prepare' again to mend the store");
    }

    /// <summary>The places of a case that may be a finding, in the order of their source.</summary>
    /// <exception cref="InputDataException">The case has no such list, or it is missing or damaged.</exception>
    public IReadOnlyList<Candidate> ReadCandidates(StoreCase storeCase)
    {
        ArgumentNullException.ThrowIfNull(storeCase);
        return storeCase.CandidatesFile is { } file
            ? CandidateFile.Read(PathOf(file))
            : throw new InputDataException(Path.Combine(Folder, storeCase.Id), "has no candidates");
    }

    /// <summary>Unmaps the arrays.</summary>
    public void Dispose() => _arrays.Dispose();

    internal static StoreManifest ReadManifest(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var manifest = JsonSerializer.Deserialize<StoreManifest>(stream, StoreJson.Indented);
            if (manifest is not { Format: StoreManifest.FormatName })
                throw new InputDataException(path, "is not the manifest of a store made by 'conjoint prepare'");
            if (manifest.Version != StoreManifest.CurrentVersion)
                throw new InputDataException(path, $"has version {manifest.Version}; this program reads version {StoreManifest.CurrentVersion}: prepare the store again");
            return manifest.Fault() is { } fault ? throw new InputDataException(path, $"{fault}; prepare the store again") : manifest;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            // Not JsonException alone: what is no number where one belongs, and a matrix that lacks a row, are other ones.
            throw new InputDataException(path, $"is not the manifest of a store made by 'conjoint prepare' ({error.Message})", error);
        }
    }

    private string PathOf(string relative) => Path.Combine(Folder, relative.Replace('/', Path.DirectorySeparatorChar));

    private static long Check(StoreCase storeCase, int first, int count, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, storeCase.Slices);
        var plane = (long)storeCase.Height * storeCase.Width;
        if (length != plane * count)
            throw new ArgumentException($"{length} values don't hold {count} slices of {storeCase.Height}×{storeCase.Width}.");
        return plane;
    }
}
