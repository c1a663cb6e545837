using System.Globalization;
using System.Text.Json.Serialization;
using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>Voxels along the patient's axes: right to left, back to front, foot to head; for stacks without geometry columns, rows, slices.</summary>
/// <param name="X">At least 1.</param>
/// <param name="Y">At least 1.</param>
/// <param name="Z">At least 1.</param>
[JsonConverter(typeof(TextJson<GridSize>))]
public sealed record GridSize(int X, int Y, int Z) : IReadableText<GridSize>
{
    /// <summary>Reads <c>X,Y,Z</c>.</summary>
    /// <exception cref="ConfigurationException">Not three whole numbers, or more voxels than a volume may have.</exception>
    public static GridSize Parse(string text) => TryParse(text)
        ?? throw new ConfigurationException($"received '{text}'; expected three numbers of voxels X,Y,Z such as 192,160,64, at most {ImagingLimits.MaxVoxels} in all");

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X},{Y},{Z}");

    internal static GridSize? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sizes = text.Split(',').Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0).ToArray();
        return sizes is [> 0, > 0, > 0] && (double)sizes[0] * sizes[1] * sizes[2] <= ImagingLimits.MaxVoxels ? new GridSize(sizes[0], sizes[1], sizes[2]) : null;
    }

    internal int Along(int axis) => axis switch { 0 => X, 1 => Y, _ => Z };
}
