namespace Conjoint.Benchmarks.Learning;

/// <summary>The learning rates of a fine-tuning.</summary>
/// <param name="Rate">Of all that is new.</param>
/// <param name="Encoder">The encoder's share of it.</param>
public readonly record struct FineTuneRates(double Rate, double Encoder)
{
    /// <summary>As <c>0.1</c>, or <c>0.1 (encoder 0.01)</c> where the encoder has a rate of its own.</summary>
    public override string ToString() =>
        Encoder == 1 ? FormattableString.Invariant($"{Rate:0.######}") : FormattableString.Invariant($"{Rate:0.######} (encoder {Rate * Encoder:0.######})");
}
