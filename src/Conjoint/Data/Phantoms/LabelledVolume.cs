using Conjoint.Imaging;

namespace Conjoint.Data.Phantoms;

/// <summary>A scan with its ground truth on the same grid.</summary>
/// <param name="Image">The scan.</param>
/// <param name="Mask">Label values; 0 is background.</param>
internal sealed record LabelledVolume(Volume Image, Volume Mask);
