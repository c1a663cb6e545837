using System.Globalization;
using System.Text.RegularExpressions;

namespace Conjoint.Imaging;

/// <summary>
/// A volume kept as a run of plain images, one a slice: a folder of <c>frame_NNN</c> images, or enough files that share
/// what stands before <c>_frame_NNN</c>.
/// </summary>
/// <remarks>The grid is x along the rows of an image, y down its columns, z along the frames; unit spacing, since the files state none.</remarks>
public sealed partial class FrameSequence
{
    /// <summary>Fewer files than this with a common prefix are images of their own.</summary>
    public const int DefaultMinimumFrames = 8;

    private readonly int[] _numbers;

    private FrameSequence(string path, IReadOnlyList<string> files, int[] numbers) => (Path, Files, _numbers) = (path, files, numbers);

    /// <summary>The folder; for files with a prefix the common beginning of their paths, followed by <c>*</c>.</summary>
    public string Path { get; }

    /// <summary>The slices, in the order of their numbers.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Parts a list of files into stacks and others.</summary>
    /// <param name="files">Paths; their content isn't looked at.</param>
    /// <param name="minimumFrames">The least number of files with a common prefix that make a stack; 1 to stack all of them.</param>
    /// <returns>Stacks and other files, both in ordinal order of their paths.</returns>
    public static (IReadOnlyList<FrameSequence> Stacks, IReadOnlyList<string> Others) Find(
        IEnumerable<string> files, int minimumFrames = DefaultMinimumFrames)
    {
        ArgumentNullException.ThrowIfNull(files);
        var others = new List<string>();
        var runs = new SortedDictionary<string, List<(int Number, string File)>>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var match = FrameName().Match(System.IO.Path.GetFileName(file));
            if (match.Success && int.TryParse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                var start = file[..^match.Length] + match.Groups["prefix"].Value;
                var key = $"{start}*{match.Groups["extension"].Value}";
                if (!runs.TryGetValue(key, out var run))
                    runs.Add(key, run = []);
                run.Add((number, file));
            }
            else
            {
                others.Add(file);
            }
        }

        var stacks = new List<FrameSequence>();
        foreach (var (key, run) in runs)
        {
            var start = key[..key.LastIndexOf('*')];
            var isFolder = start.Length == 0 || System.IO.Path.EndsInDirectorySeparator(start);
            if (!isFolder && run.Count < minimumFrames)
            {
                others.AddRange(run.Select(frame => frame.File));
                continue;
            }

            var sorted = run.OrderBy(frame => frame.Number).ThenBy(frame => frame.File, StringComparer.Ordinal).ToList();
            var path = !isFolder ? start + "*" : start.Length == 0 ? "." : System.IO.Path.TrimEndingDirectorySeparator(start);
            stacks.Add(new FrameSequence(path, [.. sorted.Select(frame => frame.File)], [.. sorted.Select(frame => frame.Number)]));
        }

        others.Sort(StringComparer.Ordinal);
        return (stacks, others);
    }

    /// <summary>Reads the first slice's header and describes the volume.</summary>
    /// <exception cref="InputDataException">The first slice is damaged, or the volume is too large.</exception>
    public ImageHeader ReadHeader()
    {
        var first = ImageFile.ReadHeader(Files[0]);
        if (first.IsVolume)
            throw new InputDataException(Files[0], "is a volume in a stack of images; expected a plain image");
        if ((long)first.Shape[0] * first.Shape[1] * Files.Count > ImagingLimits.MaxVoxels)
            throw new InputDataException(Path, $"has more than {ImagingLimits.MaxVoxels} voxels, the most that can be read");
        return first with
        {
            Format = "stack",
            Shape = [first.Shape[0], first.Shape[1], Files.Count, .. first.Shape.Skip(3)],
            IsVolume = true,
            Problems = [.. first.Problems, .. Problems()],
        };
    }

    /// <summary>Reads every slice, colours as luminance.</summary>
    /// <exception cref="InputDataException">A slice is damaged, or of another size than the first.</exception>
    public Volume ReadVolume() => ReadVolume(ImageFile.ReadImage);

    /// <summary>Reads every slice as a map of labels, see <see cref="ImageFile.ReadLabels"/>.</summary>
    /// <exception cref="InputDataException">A slice is damaged, or of another size than the first.</exception>
    public Volume ReadLabels() => ReadVolume(ImageFile.ReadLabels);

    private Volume ReadVolume(Func<string, Image> read)
    {
        var header = ReadHeader();
        int width = header.Shape[0], height = header.Shape[1];
        var voxels = new float[width * height * Files.Count];
        for (var z = 0; z < Files.Count; z++)
        {
            var image = read(Files[z]);
            if (image.Width != width || image.Height != height)
            {
                throw new InputDataException(Files[z],
                    $"has {image.Width}×{image.Height} pixels in a stack of {width}×{height}; expected slices of one size");
            }

            image.Pixels.CopyTo(voxels, z * width * height);
        }

        return new Volume(voxels, width, height, Files.Count, Affine.Identity);
    }

    private IEnumerable<string> Problems()
    {
        var expected = _numbers[^1] - (long)_numbers[0] + 1;
        var distinct = _numbers.Distinct().Count();
        if (distinct < _numbers.Length)
            yield return $"{_numbers.Length - distinct} frame numbers occur twice";
        if (distinct < expected)
            yield return $"{expected - distinct} of the frames {_numbers[0]} to {_numbers[^1]} are missing; the others are taken as neighbours";
    }

    [GeneratedRegex(@"^(?<prefix>.*_)?frame_(?<number>\d+)(?<extension>\.(png|jpg|jpeg|tif|tiff))$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FrameName();
}
