namespace Conjoint.Tasks;

/// <summary>What became of a weights file's tensors when an encoder took them by name.</summary>
/// <param name="Prefix">What stood before the encoder's own names in the file, such as <c>slice_encoder.</c>; may be empty.</param>
/// <param name="Matched">Names whose tensors were taken.</param>
/// <param name="Missing">Names of the encoder that the file lacks or has in another shape; they keep their first values.</param>
/// <param name="Unexpected">Names of the file, under the prefix, that the encoder lacks.</param>
/// <param name="ParameterShare">The taken share of the encoder's parameters, counted in numbers; in [0, 1].</param>
public sealed record EncoderLoadReport(
    string Prefix,
    IReadOnlyList<string> Matched,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    double ParameterShare)
{
    /// <summary>One line for the log.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Matched.Count} tensors taken ({ParameterShare:P1} of the encoder's parameters), {Missing.Count} missing, {Unexpected.Count} unexpected");
}
