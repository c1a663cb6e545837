namespace Conjoint.Tasks.Classification;

/// <summary>What a fine-tuned classifier's card holds beside its encoders.</summary>
public sealed record ClassifierSettings
{
    /// <summary>The name under which the card keeps this record.</summary>
    public const string CardName = "classifier";

    /// <summary>Names of the classes, in the order of the net's scores.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Of two classes, the one that is looked for, by its place in <see cref="Classes"/>.</summary>
    public int Positive { get; init; } = 1;

    /// <summary>The specificities at which the sensitivity is reported.</summary>
    public IReadOnlyList<double> Specificities { get; init; } = [];

    /// <summary>Edge in mm of the cubes that it classifies; null: whole scans.</summary>
    public double? CubeMm { get; init; }

    /// <summary>Whether a ResNet of 3D convolutions stands in place of both encoders.</summary>
    public bool Volumetric { get; init; }

    /// <summary>Width between the two fully connected layers.</summary>
    public required int HiddenWidth { get; init; }

    /// <summary>Share of the hidden values that a training step leaves out.</summary>
    public double Dropout { get; init; }

    /// <summary>What cannot be built, by the setting's key; empty when all is well.</summary>
    internal IEnumerable<(string Key, string Fault)> Faults()
    {
        if (Classes.Count < 2 || Positive < 0 || Positive >= Classes.Count)
            yield return ("classes", $"received {Classes.Count} classes with {Positive} as the one that is looked for; expected at least two, and one of them");
        if (CubeMm is { } edge && !(edge > 0 && edge <= 500))
            yield return ("cube_mm", $"received {edge}; expected a length above 0 and up to 500 mm");
        if (HiddenWidth < 1)
            yield return ("hidden_width", $"received {HiddenWidth}; expected at least 1");
        if (!(Dropout >= 0 && Dropout < 1))
            yield return ("dropout", $"received {Dropout}; expected a share from 0 to below 1");
    }

    /// <summary>Numbers in the matrices of the two fully connected layers.</summary>
    /// <param name="width">Of the volume's embedding.</param>
    internal Int128 HeadNumbers(int width) => HiddenWidth * ((Int128)width + Classes.Count);
}
