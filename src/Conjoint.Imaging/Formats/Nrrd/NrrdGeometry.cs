using System.Globalization;

namespace Conjoint.Imaging;

/// <summary>Axes and affine of an NRRD header.</summary>
internal sealed class NrrdGeometry
{
    private static readonly string[] SampleKinds =
    [
        "VECTOR", "COLOR", "POINT", "NORMAL", "COVARIANT-VECTOR", "COMPLEX", "QUATERNION", "MATRIX", "TENSOR", "GRADIENT",
    ];

    private readonly NrrdFields _fields;
    private readonly string _path;
    private readonly int[] _sizes;
    private readonly string[] _kinds;
    private readonly double[]?[]? _directions;

    private NrrdGeometry(NrrdFields fields, int[] sizes, string path)
    {
        (_fields, _sizes, _path) = (fields, sizes, path);
        _kinds = Words("kinds") ?? [.. Enumerable.Repeat("???", sizes.Length)];
        _directions = Directions();
    }

    /// <summary>What is doubtful.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>The axes, the fastest first.</summary>
    public IReadOnlyList<RawAxis> Axes { get; private set; } = [];

    /// <summary>From voxel indices to mm in RAS+.</summary>
    public Affine Affine { get; private set; } = Affine.Identity;

    /// <summary>Distance in mm between voxels; null when the header says nothing.</summary>
    public double[]? SpacingMm { get; private set; }

    /// <summary>Whether the samples are called colours.</summary>
    public bool IsColour => _kinds.Any(kind => kind.Contains("color", StringComparison.OrdinalIgnoreCase));

    /// <exception cref="InputDataException">A field says what can't be meant.</exception>
    public static NrrdGeometry Read(NrrdFields fields, int[] sizes, string path)
    {
        var geometry = new NrrdGeometry(fields, sizes, path);
        geometry.Axes = geometry.FindAxes();
        geometry.FindAffine();
        return geometry;
    }

    /// <summary>Directions decide which axes are in space, else kinds, else the first three are.</summary>
    private RawAxis[] FindAxes()
    {
        var axes = new RawAxis[_sizes.Length];
        var inSpace = 0;
        for (var axis = 0; axis < axes.Length; axis++)
        {
            var kind = _kinds[axis].ToUpperInvariant();
            var isSpace = _directions is not null ? _directions[axis] is { } step && step.Any(part => part != 0)
                : kind is "SPACE" or "DOMAIN" or "???" or "NONE";
            isSpace &= inSpace < 3;
            inSpace += isSpace ? 1 : 0;
            axes[axis] = new RawAxis(_sizes[axis], isSpace ? RawAxisKind.Space
                : SampleKinds.Any(sample => kind.Contains(sample, StringComparison.Ordinal)) ? RawAxisKind.Sample
                : RawAxisKind.Frame);
        }

        return axes;
    }

    private void FindAffine()
    {
        var unit = Unit();
        var inSpace = Enumerable.Range(0, Axes.Count).Where(axis => Axes[axis].Kind == RawAxisKind.Space).ToArray();
        var steps = new double[inSpace.Length][];
        var spacing = new double[] { 1, 1, 1 };
        var spacings = Words("spacings");
        for (var i = 0; i < inSpace.Length && i < 3; i++)
        {
            if (_directions is not null)
            {
                steps[i] = [.. _directions[inSpace[i]]!.Select(part => part * unit)];
            }
            else
            {
                var stated = spacings is null ? 1 : Number(spacings[inSpace[i]], "spacings") * unit;
                steps[i] = new double[3];
                steps[i][i] = SpaceGeometry.Usable(stated, i, Problems);
            }

            spacing[i] = Math.Sqrt(steps[i].Sum(part => part * part));
        }

        if (inSpace.Length is not (2 or 3))
            return; // RawLayout tells.
        var isStated = _directions is not null || spacings is not null;
        if (!isStated)
            Problems.Add("states neither space directions nor spacings; 1 mm is assumed");
        SpacingMm = isStated ? spacing : [1, 1, 1];
        Affine = SpaceGeometry.ToRas(steps, Origin(unit), Signs());
        if (!Affine.IsInvertible)
            Problems.Add("the affine can't be inverted; expected three axes of non-zero length in different directions");
    }

    /// <summary>What leads from the stated space to RAS. A space without patient, or none, counts as LPS, as for ITK.</summary>
    private double[] Signs()
    {
        var space = (_fields["space"] ?? "").ToUpperInvariant().Replace("-TIME", "", StringComparison.Ordinal);
        switch (space)
        {
            case "RIGHT-ANTERIOR-SUPERIOR" or "RAS" or "RAST":
                return [1, 1, 1];
            case "LEFT-ANTERIOR-SUPERIOR" or "LAS" or "LAST":
                return [-1, 1, 1];
            case "LEFT-POSTERIOR-SUPERIOR" or "LPS" or "LPST":
                return SpaceGeometry.LpsToRas;
            case "":
                Problems.Add("names no space; left-posterior-superior is assumed");
                return SpaceGeometry.LpsToRas;
            case "SCANNER-XYZ" or "3D-RIGHT-HANDED" or "3D-LEFT-HANDED":
                Problems.Add($"names the space {space.ToLowerInvariant()}, which says nothing of the patient; left-posterior-superior is assumed");
                return SpaceGeometry.LpsToRas;
            default:
                throw new InputDataException(_path, $"names the space '{CompanionFiles.Shown(_fields["space"]!)}', which NRRD doesn't know; expected right-anterior-superior, left-anterior-superior, left-posterior-superior or scanner-xyz");
        }
    }

    private double[] Origin(double unit) =>
        _fields["space origin"] is { } text && Vector(text, "space origin") is { } origin ? [.. origin.Select(part => part * unit)] : new double[3];

    /// <summary>Millimetres in the stated unit of length.</summary>
    private double Unit()
    {
        var text = _fields["space units"] ?? _fields["units"] ?? "";
        var unit = text.Split('"', ' ').FirstOrDefault(word => word.Length > 0) ?? "mm";
        double? mm = unit.ToUpperInvariant() switch { "MM" => 1, "CM" => 10, "M" => 1000, "UM" or "MICRON" or "MICRONS" => 0.001, _ => null };
        if (mm is null)
            Problems.Add($"states lengths in '{CompanionFiles.Shown(unit)}'; they are taken as mm");
        else if (mm != 1)
            Problems.Add($"lengths are stated in {unit}; they are converted to mm");
        return mm ?? 1;
    }

    private double[]?[]? Directions()
    {
        if (_fields["space directions"] is not { } text)
            return null;
        // Blanks may stand inside the parentheses, so that words are no vectors.
        var vectors = new List<double[]?>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var end = text[at] == '(' ? text.IndexOf(')', at) + 1 : text.IndexOfAny([' ', '\t', '('], at);
            end = end <= 0 ? text.Length : end;
            vectors.Add(Vector(text[at..end], "space directions"));
            at = end;
        }

        return vectors.Count == _sizes.Length
            ? [.. vectors]
            : throw new InputDataException(_path, $"states {vectors.Count} space directions for {_sizes.Length} axes; expected one for each");
    }

    /// <summary>A vector such as <c>(1,0,0)</c>, its first three parts; null for <c>none</c>.</summary>
    private double[]? Vector(string text, string field)
    {
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
            return null;
        var parts = text.Trim('(', ')').Split(',');
        if (!text.StartsWith('(') || !text.EndsWith(')') || parts.Length is < 2 or > 4)
            throw new InputDataException(_path, $"states '{CompanionFiles.Shown(text)}' in '{field}'; expected a vector such as (1,0,0)");
        var vector = new double[3];
        for (var i = 0; i < Math.Min(3, parts.Length); i++)
            vector[i] = Number(parts[i], field);
        return vector.All(double.IsFinite) ? vector : null;
    }

    private double Number(string text, string field) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InputDataException(_path, $"states '{CompanionFiles.Shown(text)}' in '{field}'; expected a number");

    private string[]? Words(string field)
    {
        var words = _fields[field]?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words is null || words.Length == _sizes.Length
            ? words
            : throw new InputDataException(_path, $"states {words.Length} {field} for {_sizes.Length} axes; expected one for each");
    }
}
