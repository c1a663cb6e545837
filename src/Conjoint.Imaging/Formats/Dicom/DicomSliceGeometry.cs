using System.Globalization;

namespace Conjoint.Imaging;

/// <summary>How sorted planes follow each other.</summary>
/// <param name="Step">From one plane to the next; null for a single plane.</param>
/// <param name="IsRegular">Whether all distances are equal.</param>
/// <param name="Problems">Gaps, uneven distances, gantry tilt, planes off the line.</param>
internal sealed record DicomSliceGeometry(DicomVector? Step, bool IsRegular, IReadOnlyList<string> Problems)
{
    /// <summary>Planes that are nearer than this along their normal, in mm, are at one place.</summary>
    public const double SamePlaceMm = 1e-3;

    // Positions are written with few digits: differences of 2 % or 0.02 mm are rounding.
    private const double SpacingTolerance = 0.02;
    private const double SpacingToleranceMm = 0.02;

    // A tilt shows as a shift across the stack; less than this is rounding.
    private const double ShiftToleranceMm = 0.05;
    private const double TiltToleranceDegrees = 0.1;
    private const double WholeTolerance = 0.1;

    /// <summary>Measures planes that are sorted along their normal, each place once.</summary>
    public static DicomSliceGeometry Measure(IReadOnlyList<DicomPlane> sorted, DicomVector normal)
    {
        if (sorted.Count == 1)
            return new DicomSliceGeometry(null, true, []);

        var along = sorted.Select(plane => plane.Position!.Value.Dot(normal)).ToArray();
        var distances = along.Skip(1).Zip(along, (next, here) => next - here).ToArray();
        var usual = distances.Order().ElementAt((distances.Length - 1) / 2);
        var allowed = Math.Max(SpacingTolerance * usual, SpacingToleranceMm);
        var isRegular = distances.All(distance => Math.Abs(distance - usual) <= allowed);

        var (first, last) = (sorted[0].Position!.Value, sorted[^1].Position!.Value);
        var length = along[^1] - along[0];
        var slope = (last - first) * (1 / length); // for each mm along the normal
        var step = slope * (isRegular ? length / distances.Length : usual);
        var problems = new List<string>();
        if (!isRegular)
            problems.Add(Uneven(distances, usual, allowed));
        problems.AddRange(Sideways(sorted, along, slope, first, normal));
        return new DicomSliceGeometry(step, isRegular, problems);
    }

    private static string Uneven(double[] distances, double usual, double allowed)
    {
        var odd = distances.Where(distance => Math.Abs(distance - usual) > allowed).ToArray();
        var missing = odd.Select(distance => distance / usual - 1).ToArray();
        if (missing.All(count => count > 0.5 && Math.Abs(count - Math.Round(count)) < WholeTolerance))
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{Slices(missing.Sum(Math.Round))} missing in {odd.Length} {(odd.Length == 1 ? "gap" : "gaps")} ({odd.Max():0.###} mm where slices are {usual:0.###} mm apart); the others are taken as neighbours");
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"slices are {distances.Min():0.###} to {distances.Max():0.###} mm apart; {usual:0.###} mm is taken for all");
    }

    private static string Slices(double count) => string.Create(CultureInfo.InvariantCulture, $"{count:0} {(count == 1 ? "slice is" : "slices are")}");

    private static IEnumerable<string> Sideways(IReadOnlyList<DicomPlane> sorted, double[] along, DicomVector slope, DicomVector first, DicomVector normal)
    {
        var shift = (slope - normal).Length;
        var degrees = Math.Atan(shift) * 180 / Math.PI;
        if (degrees > TiltToleranceDegrees && shift * (along[^1] - along[0]) > ShiftToleranceMm)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"is tilted by {degrees:0.0}° (gantry tilt): each slice is shifted against the one before; the affine is sheared, nothing is resampled");
        }

        var off = sorted.Select((plane, i) => (plane.Position!.Value - first - slope * (along[i] - along[0])).Length).Max();
        if (off > ShiftToleranceMm)
            yield return string.Create(CultureInfo.InvariantCulture, $"slices lie up to {off:0.##} mm beside the line from the first to the last; they are taken as lying on it");
    }
}
