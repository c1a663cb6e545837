using System.Globalization;
using System.Text.Json.Serialization;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>The voxel size that volumes are resampled to.</summary>
[JsonConverter(typeof(TextJson<TargetSpacing>))]
public sealed record TargetSpacing : IReadableText<TargetSpacing>
{
    private const string IsotropicWord = "iso";
    private const double Least = 1e-3;
    private const double Most = 1e3;

    private readonly double[]? _mm;

    private TargetSpacing(double[]? mm) => _mm = mm;

    /// <summary>Cubes as long as the shortest side of the volume's own voxels, so that no detail is lost.</summary>
    public static TargetSpacing Isotropic { get; } = new(mm: null);

    /// <summary>Millimetres along the patient's axes: right to left, back to front, foot to head.</summary>
    /// <exception cref="ConfigurationException">Not between 0.001 and 1000 mm.</exception>
    public static TargetSpacing Of(double x, double y, double z) => Parse(string.Create(CultureInfo.InvariantCulture, $"{x:R},{y:R},{z:R}"));

    /// <summary>Reads <c>X,Y,Z</c> in mm, one number for all three, or <c>iso</c>.</summary>
    /// <exception cref="ConfigurationException">None of them.</exception>
    public static TargetSpacing Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == IsotropicWord)
            return Isotropic;
        var parts = text.Split(',');
        var mm = parts.Select(p => double.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= Least and <= Most ? value : 0).ToArray();
        return parts.Length is 1 or 3 && mm.All(v => v > 0)
            ? new TargetSpacing(parts.Length == 3 ? mm : [mm[0], mm[0], mm[0]])
            : throw new ConfigurationException($"received '{text}'; expected millimetres X,Y,Z between {Least} and {Most} such as 1,1,2.5, one number for all three, or {IsotropicWord}");
    }

    /// <summary>The wanted spacing along the RAS+ axes of a volume of this spacing, [3].</summary>
    internal IReadOnlyList<double> For(IReadOnlyList<double> spacingMm) => _mm ?? Enumerable.Repeat(spacingMm.Min(), 3).ToArray();

    /// <inheritdoc/>
    public bool Equals(TargetSpacing? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => _mm is null ? IsotropicWord : string.Join(',', _mm.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
}
