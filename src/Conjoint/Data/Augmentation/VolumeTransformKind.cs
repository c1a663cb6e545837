using System.Text.Json.Serialization;

namespace Conjoint.Data.Augmentation;

/// <summary>The seven random transforms of TorchIO from which the two views of a volume are made.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VolumeTransformKind>))]
public enum VolumeTransformKind
{
    /// <summary>Mirror along an axis, see <see cref="FlipTransform"/>.</summary>
    Flip,

    /// <summary>Rotate, scale and shift, see <see cref="AffineTransform"/>.</summary>
    Affine,

    /// <summary>Thick slices along one axis, see <see cref="AnisotropyTransform"/>.</summary>
    Anisotropy,

    /// <summary>Gaussian noise, see <see cref="NoiseTransform"/>.</summary>
    Noise,

    /// <summary>Gaussian blur, see <see cref="BlurTransform"/>.</summary>
    Blur,

    /// <summary>Smooth shading of a receive coil, see <see cref="BiasFieldTransform"/>.</summary>
    BiasField,

    /// <summary>Contrast curve, see <see cref="GammaTransform"/>.</summary>
    Gamma,
}
