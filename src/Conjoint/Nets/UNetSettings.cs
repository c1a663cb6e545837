namespace Conjoint.Nets;

/// <summary>The shape of <c>UNet</c>'s decoder.</summary>
public sealed record UNetSettings
{
    /// <summary>Widths of the five decoder blocks, deepest first, for an encoder of base width 64; they shrink and grow with it.</summary>
    public IReadOnlyList<int> DecoderWidths { get; init; } = [256, 128, 64, 32, 16];   // segmentation_models_pytorch 0.2.0

    /// <summary>No block becomes narrower than this.</summary>
    public int NarrowestWidth { get; init; } = 8;

    /// <summary>The widths beside an encoder of a base width.</summary>
    internal int[] WidthsFor(int baseWidth) => [.. DecoderWidths.Select(w => Math.Max(NarrowestWidth, w * baseWidth / 64))];
}
