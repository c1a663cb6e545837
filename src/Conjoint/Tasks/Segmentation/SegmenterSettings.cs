using Conjoint.Nets;

namespace Conjoint.Tasks.Segmentation;

/// <summary>What a fine-tuned segmenter's card holds beside its encoder.</summary>
public sealed record SegmenterSettings
{
    /// <summary>The name under which the card keeps this record.</summary>
    public const string CardName = "segmenter";

    // Far more than there are images of one scan.
    private const int MostChannels = 64;

    /// <summary>The mask values of the foreground classes; the k-th is output channel k + 1, channel 0 is the background; of structures that may overlap the k-th is channel k.</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>Names of the channels of the input, in order; null for one image.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>Whether structures may overlap: each has an output of its own, and a pixel is in all whose score is above 0.</summary>
    public bool IsLayered { get; init; }

    /// <summary>Whether the slices of a volume are looked at together; the card describes the volume encoder then.</summary>
    public bool VolumeContext { get; init; }

    /// <summary>Most slices that a net of 3D convolutions sees together; null for the paper's, which sees each alone. The card describes a 3D ResNet then.</summary>
    public int? Depth { get; init; }

    /// <summary>Widths of the expanding path.</summary>
    public UNetSettings Decoder { get; init; } = new();

    /// <summary>What cannot be built, by the setting's key; empty when all is well.</summary>
    internal IEnumerable<(string Key, string Fault)> Faults()
    {
        if (ClassMap.Fault(Labels, IsLayered) is { } fault)
            yield return ("labels", fault);
        if (Channels is { Count: 0 or > MostChannels })
            yield return ("channels", $"received {Channels.Count} names; expected 1 to {MostChannels}");
        if (Depth is < 1 || (Depth is not null && VolumeContext))
            yield return ("depth", $"received {Depth}{(VolumeContext ? " beside volume_context" : "")}; expected at least 1, or none");
        foreach (var decoder in Decoder.Faults())
            yield return decoder;
    }
}
