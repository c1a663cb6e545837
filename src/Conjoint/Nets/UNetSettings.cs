namespace Conjoint.Nets;

/// <summary>The shape of <c>UNet</c>'s decoder.</summary>
public sealed record UNetSettings
{
    // Beyond any decoder; products of such widths are far from overflowing.
    private const int WidestWidth = 1 << 16;

    /// <summary>Widths of the five decoder blocks, deepest first, for an encoder of base width 64; they shrink and grow with it.</summary>
    public IReadOnlyList<int> DecoderWidths { get; init; } = [256, 128, 64, 32, 16];   // segmentation_models_pytorch 0.2.0

    /// <summary>No block becomes narrower than this.</summary>
    public int NarrowestWidth { get; init; } = 8;

    /// <summary>The widths beside an encoder of a base width.</summary>
    internal int[] WidthsFor(int baseWidth) => [.. DecoderWidths.Select(w => Math.Max(NarrowestWidth, w * baseWidth / 64))];

    /// <summary>What cannot be built, by the setting's key; empty when all is well.</summary>
    internal IEnumerable<(string Key, string Fault)> Faults()
    {
        if (DecoderWidths.Count != 5 || DecoderWidths.Any(w => w is < 1 or > WidestWidth))
            yield return ("decoder_widths", $"received [{string.Join(", ", DecoderWidths)}]; expected five numbers from 1 to {WidestWidth}");
        if (NarrowestWidth is < 1 or > WidestWidth)
            yield return ("narrowest_width", $"received {NarrowestWidth}; expected 1 to {WidestWidth}");
    }

    /// <summary>Numbers in the kernels of the decoder and the last layer.</summary>
    /// <param name="baseWidth">The encoder's.</param>
    /// <param name="classes">Classes, the background among them.</param>
    internal Int128 KernelNumbers(int baseWidth, int classes)
    {
        Int128[] levels = [baseWidth, 4 * (Int128)baseWidth, 8 * (Int128)baseWidth, 16 * (Int128)baseWidth, 32 * (Int128)baseWidth];
        var (numbers, below) = ((Int128)0, levels[^1]);
        for (var b = 0; b < DecoderWidths.Count; b++)
        {
            var width = Int128.Max(NarrowestWidth, DecoderWidths[b] * (Int128)baseWidth / 64);
            var skip = b < levels.Length - 1 ? levels[levels.Length - 2 - b] : 0;
            numbers += 9 * width * (below + skip + width);
            below = width;
        }

        return numbers + 9 * below * classes;
    }
}
