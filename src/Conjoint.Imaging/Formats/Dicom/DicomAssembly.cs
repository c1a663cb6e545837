namespace Conjoint.Imaging;

/// <summary>Parts planes of one series, or the frames of one file, into stacks: by size and orientation, then by what tells planes of one place apart.</summary>
internal static class DicomAssembly
{
    private const double DirectionTolerance = 1e-3;

    /// <summary>The stacks, and what had to be refused.</summary>
    public static (IReadOnlyList<DicomStack> Stacks, IReadOnlyList<(IReadOnlyList<DicomPlane> Planes, string Reason)> Refused) Assemble(IReadOnlyList<DicomPlane> planes)
    {
        var stacks = new List<DicomStack>();
        var refused = new List<(IReadOnlyList<DicomPlane>, string)>();
        var groups = Alike(planes);
        foreach (var group in groups)
            AddGroup(group, groups.Count, stacks, refused);
        return (stacks, refused);
    }

    private static void AddGroup(List<DicomPlane> group, int groups, List<DicomStack> stacks, List<(IReadOnlyList<DicomPlane>, string)> refused)
    {
        if (group.Count > 1 && Crowd(group) == group.Count)
        {
            // One place, however often: images of their own, no volume.
            stacks.AddRange(group.Select(plane => DicomStack.Of([plane])));
            return;
        }

        var single = group.DistinctBy(plane => (plane.File.Instance ?? plane.File.Path, plane.Frame)).ToList();
        var copies = group.Count - single.Count;
        var parts = Separate(single);
        foreach (var part in parts)
        {
            if (Crowd(part) is var most and > 1)
            {
                refused.Add((part, $"has up to {most} slices at one place, and nothing in their headers tells them apart; keep one of each"));
                continue;
            }

            var stack = DicomStack.Of(part);
            var problems = new List<string>(stack.Problems);
            if (copies > 0)
                problems.Add(copies == 1 ? "a slice is there twice; one of the two is used" : $"{copies} slices are there twice; one of each is used");
            if (groups > 1)
                problems.Add($"is one of {groups} groups of slices in its series, which differ in size, spacing or orientation");
            if (parts.Count > 1)
                problems.Add($"is one of {parts.Count} runs over the same places in its series (times, acquisitions, echoes or the like)");
            stacks.Add(stack with { Problems = problems });
        }
    }

    /// <summary>Groups of one size, kind and orientation, in the order of their first planes.</summary>
    private static List<List<DicomPlane>> Alike(IReadOnlyList<DicomPlane> planes)
    {
        var groups = new List<List<DicomPlane>>();
        foreach (var plane in planes)
        {
            var group = groups.Find(group => IsAlike(group[0], plane));
            if (group is null)
                groups.Add([plane]);
            else
                group.Add(plane);
        }

        return groups;
    }

    private static bool IsAlike(DicomPlane a, DicomPlane b) =>
        (a.File.Rows, a.File.Columns, a.File.Samples, a.File.Modality, a.HasPlace) == (b.File.Rows, b.File.Columns, b.File.Samples, b.File.Modality, b.HasPlace)
        && IsNear(a.PixelSpacing, b.PixelSpacing)
        && (!a.HasPlace || ((a.RowDirection!.Value - b.RowDirection!.Value).Length < DirectionTolerance
            && (a.ColumnDirection!.Value - b.ColumnDirection!.Value).Length < DirectionTolerance));

    private static bool IsNear((double Columns, double Rows)? a, (double Columns, double Rows)? b) =>
        a is null || b is null ? a is null && b is null
        : Math.Abs(a.Value.Columns - b.Value.Columns) < DirectionTolerance * a.Value.Columns && Math.Abs(a.Value.Rows - b.Value.Rows) < DirectionTolerance * a.Value.Rows;

    /// <summary>Planes that share a place are parted by the first mark that helps: time, acquisition, echo, …</summary>
    private static List<List<DicomPlane>> Separate(List<DicomPlane> planes)
    {
        var most = Crowd(planes);
        if (planes.Count < 2 || (most == 1 && IsRegular(planes)))
            return [planes];
        for (var mark = 0; mark < planes.Min(plane => plane.Marks.Count); mark++)
        {
            var parts = planes.GroupBy(plane => plane.Marks[mark]).Select(part => part.ToList()).ToList();
            if (parts.Count == 1)
                continue;
            // Uneven distances alone are parted only where that makes them even.
            if (most > 1 ? parts.Max(Crowd) < most : parts.All(part => part.Count > 1 && IsRegular(part)))
                return [.. parts.SelectMany(Separate)];
        }

        return [planes];
    }

    /// <summary>The most planes at one place; 1 where places aren't known.</summary>
    private static int Crowd(List<DicomPlane> planes)
    {
        if (planes.Count < 2 || !planes[0].HasPlace)
            return 1;
        var along = Along(planes);
        var (most, run) = (1, 1);
        for (var i = 1; i < along.Length; i++)
        {
            run = along[i] - along[i - 1] < DicomSliceGeometry.SamePlaceMm ? run + 1 : 1;
            most = Math.Max(most, run);
        }

        return most;
    }

    private static bool IsRegular(List<DicomPlane> planes)
    {
        if (!planes[0].HasPlace)
            return true;
        var normal = planes[0].Normal;
        return DicomSliceGeometry.Measure([.. planes.OrderBy(plane => plane.Position!.Value.Dot(normal))], normal).IsRegular;
    }

    private static double[] Along(List<DicomPlane> planes)
    {
        var normal = planes[0].Normal;
        return [.. planes.Select(plane => plane.Position!.Value.Dot(normal)).Order()];
    }
}
