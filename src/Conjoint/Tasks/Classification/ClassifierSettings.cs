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

    /// <summary>Width between the two fully connected layers.</summary>
    public required int HiddenWidth { get; init; }

    /// <summary>Share of the hidden values that a training step leaves out.</summary>
    public double Dropout { get; init; }
}
