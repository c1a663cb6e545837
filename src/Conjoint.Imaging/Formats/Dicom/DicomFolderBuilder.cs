namespace Conjoint.Imaging;

/// <summary>Gathers DICOM files and finds the volumes among them.</summary>
internal sealed class DicomFolderBuilder
{
    private readonly SortedDictionary<string, List<DicomPlane>> _series = new(StringComparer.Ordinal);
    private readonly List<DicomSingle> _single = [];
    private readonly List<InputDataException> _refused = [];

    public void Add(string file)
    {
        try
        {
            var header = DicomHeaderReader.Read(file);
            if (header.Frames > 1 || header.Series is null)
            {
                _single.Add(Single(header));
                return;
            }

            var key = string.Join('|', [header.Series, .. header.SubjectKeys]);
            if (!_series.TryGetValue(key, out var planes))
                _series.Add(key, planes = []);
            planes.Add(header.Planes[0]);
        }
        catch (InputDataException fault)
        {
            _refused.Add(fault);
        }
    }

    public DicomFolder Build(Func<string, DicomStack, int?, DicomSeries> make)
    {
        var stacks = new List<(string Path, DicomStack Stack)>();
        foreach (var planes in _series.Values)
        {
            var (found, refused) = DicomAssembly.Assemble(InOrder(planes));
            foreach (var stack in found)
            {
                if (stack.Planes.Count > 1 && IsVolume(stack))
                    stacks.Add((CommonFolder(stack.Planes), Unplaced(stack)));
                else
                    _single.AddRange(stack.Planes.Select(plane => Single(plane.File)));
            }

            _refused.AddRange(refused.Select(r => new InputDataException(CommonFolder(r.Planes), $"holds a DICOM series that {r.Reason}")));
        }

        // The order of the first file, not of identifiers, which change when data are made anonymous anew.
        var sorted = stacks.OrderBy(s => s.Path, StringComparer.Ordinal)
            .ThenBy(s => s.Stack.Planes.Select(plane => plane.File.Path).Min(StringComparer.Ordinal), StringComparer.Ordinal).ToArray();
        var images = _single.Select(file => Path.GetDirectoryName(file.Path) ?? "").ToHashSet();
        var series = sorted.Select((s, i) =>
        {
            var ofFolder = sorted.Count(other => other.Path == s.Path);
            var number = sorted.Take(i).Count(other => other.Path == s.Path) + 1;
            return make(s.Path, s.Stack, ofFolder > 1 || images.Contains(s.Path) ? number : null);
        });
        return new DicomFolder([.. series], [.. _single.OrderBy(file => file.Path, StringComparer.Ordinal)], _refused);
    }

    private static DicomSingle Single(DicomHeader header) => new(header.Path, header.Modality, header.Frames > 1, header.SubjectKeys);

    /// <summary>Without places, slices of a tomograph follow their locations or numbers; radiographs are images each.</summary>
    private static bool IsVolume(DicomStack stack) => stack.Planes[0].HasPlace || stack.First.Modality is Modality.CT or Modality.MR;

    private static DicomStack Unplaced(DicomStack stack) => stack.Planes[0].HasPlace
        ? stack
        : stack with { Problems = [.. stack.Problems, "states no places in space; slices are in the order of their locations or numbers"] };

    private static List<DicomPlane> InOrder(List<DicomPlane> planes)
    {
        if (planes.TrueForAll(plane => plane.HasPlace))
            return planes;
        var hasLocations = planes.TrueForAll(plane => plane.Location is not null) && planes.Select(plane => plane.Location).Distinct().Count() == planes.Count;
        return [.. planes.OrderBy(plane => hasLocations ? plane.Location : plane.File.InstanceNumber ?? int.MaxValue)];
    }

    private static string CommonFolder(IReadOnlyList<DicomPlane> planes)
    {
        var common = Path.GetDirectoryName(planes[0].File.Path) ?? "";
        foreach (var plane in planes)
        {
            while (common.Length > 0 && !plane.File.Path.StartsWith(Path.TrimEndingDirectorySeparator(common) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                common = Path.GetDirectoryName(common) ?? "";
        }

        return common.Length > 0 ? common : ".";
    }
}
