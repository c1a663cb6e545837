using static TorchSharp.torch;

namespace Conjoint.Nets;

/// <summary>released: what stage <c>slices</c> feeds, a grey slice as three colours, each with its own mean and standard deviation.</summary>
public static class ImageNetInput
{
    // Of ImageNet's training images, as torchvision has them.
    private static readonly float[] s_means = [0.485f, 0.456f, 0.406f], s_stds = [0.229f, 0.224f, 0.225f];

    /// <summary>(x − mean) / std of each colour.</summary>
    /// <param name="slices">[n, 1, H, W], in [0, 1].</param>
    /// <returns>[n, 3, H, W]; the caller's.</returns>
    public static Tensor Of(Tensor slices)
    {
        using var scope = NewDisposeScope();
        var means = tensor(s_means, [1, 3, 1, 1]).to(slices.dtype).to(slices.device);
        var stds = tensor(s_stds, [1, 3, 1, 1]).to(slices.dtype).to(slices.device);
        return ((slices - means) / stds).MoveToOuterDisposeScope();
    }
}
