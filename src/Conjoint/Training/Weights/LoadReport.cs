namespace Conjoint.Training;

/// <summary>What became of a weights file's tensors when a net took them by name.</summary>
/// <param name="Prefix">What stood before the net's own names in the file, such as <c>slice_encoder.</c>; may be empty.</param>
/// <param name="Matched">Names whose tensors were taken, those of <paramref name="Reshaped"/> among them.</param>
/// <param name="Missing">Names of the net that the file lacks; they keep their first values.</param>
/// <param name="Unexpected">Names of the file, under the prefix, that the net lacks.</param>
/// <param name="Reshaped">Tensors that were taken in another shape, without changing what the net computes from grey input.</param>
/// <param name="ParameterShare">The taken share of the net's parameters, counted in numbers; in [0, 1].</param>
public sealed record LoadReport(
    string Prefix,
    IReadOnlyList<string> Matched,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<ReshapedTensor> Reshaped,
    double ParameterShare)
{
    private const int Named = 3;

    /// <summary>One line for the log.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Matched.Count} tensors taken ({ParameterShare:P1} of the encoder's parameters)")
        + (Prefix.Length > 0 ? $" from '{Prefix}…'" : "")
        + $", {Missing.Count} missing{Names(Missing)}, {Unexpected.Count} unexpected{Names(Unexpected)}"
        + (Reshaped.Count > 0 ? $", reshaped: {string.Join(", ", Reshaped)}" : "");

    private static string Names(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "",
        <= Named => $" ({string.Join(", ", names)})",
        _ => $" ({string.Join(", ", names.Take(Named))}, …)",
    };
}

/// <summary>A tensor that a net took in another shape.</summary>
/// <param name="Name">Its name in the net.</param>
/// <param name="Found">Its shape in the file.</param>
/// <param name="Expected">Its shape in the net.</param>
public sealed record ReshapedTensor(string Name, IReadOnlyList<long> Found, IReadOnlyList<long> Expected)
{
    /// <summary>The name and both shapes.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", Found)}] to [{string.Join(", ", Expected)}]";
}
