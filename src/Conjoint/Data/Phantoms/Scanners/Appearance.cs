using Conjoint.Data.Phantoms.Anatomy;

namespace Conjoint.Data.Phantoms.Scanners;

/// <summary>How one tissue looks to a scanner.</summary>
/// <param name="Mean">Mean value, in the scanner's unit.</param>
/// <param name="Texture">Largest deviation of its texture from the mean.</param>
/// <param name="GrainMm">Width of the texture's grains.</param>
internal readonly record struct TissueLook(float Mean, float Texture = 0, float GrainMm = 10);

/// <summary>How all tissues look to a scanner at one examination.</summary>
internal sealed class Appearance
{
    private readonly TissueLook[] _looks = new TissueLook[Enum.GetValues<Tissue>().Length];

    /// <summary>Seed of the textures.</summary>
    public required uint Seed { get; init; }

    /// <summary>The look of a tissue.</summary>
    public TissueLook this[Tissue tissue]
    {
        get => _looks[(int)tissue];
        init => _looks[(int)tissue] = value;
    }
}
