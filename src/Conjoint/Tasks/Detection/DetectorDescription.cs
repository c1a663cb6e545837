namespace Conjoint.Tasks.Detection;

/// <summary>What a fine-tuned detector's card holds beside its encoder.</summary>
public sealed record DetectorDescription
{
    /// <summary>The name under which the card keeps this record.</summary>
    public const string CardName = "detector";

    /// <summary>Names of the classes; the k-th is output k + 1, output 0 is the background.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Channels of the feature pyramid.</summary>
    public int PyramidWidth { get; init; } = 256;

    /// <summary>Width of the two fully connected layers.</summary>
    public int HeadWidth { get; init; } = 1024;

    /// <summary>Least probability of a detection.</summary>
    public double LeastScore { get; init; } = 0.05;

    /// <summary>What cannot be built, by the setting's key; empty when all is well.</summary>
    internal IEnumerable<(string Key, string Fault)> Faults()
    {
        if (Classes.Count is < 1 or > 10_000 || Classes.Distinct(StringComparer.Ordinal).Count() != Classes.Count)
            yield return ("classes", $"{Classes.Count} names; expected 1 to 10000, all different");
        foreach (var (key, width) in new[] { ("pyramid_width", PyramidWidth), ("head_width", HeadWidth) })
        {
            if (width is < 1 or > 65_536)
                yield return (key, $"received {width}; expected 1 to 65536");
        }
    }

    /// <summary>Numbers of the largest weights, which a file that holds them must have.</summary>
    internal long WeightNumbers => (long)PyramidWidth * PyramidWidth * 9 + (long)PyramidWidth * 49 * HeadWidth + (long)HeadWidth * HeadWidth;
}
