using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>From slices one after another to volumes side by side.</summary>
internal static class PaddedSlices
{
    /// <summary>Puts each volume's rows into a row of its own, zeros behind them.</summary>
    /// <param name="rows">[ΣN_b, F], volume after volume.</param>
    /// <param name="lengths">N_b of each volume.</param>
    /// <returns>[B, max N_b, F], with the rows' graph; the caller's.</returns>
    public static Tensor Pad(Tensor rows, long[] lengths)
    {
        using var scope = NewDisposeScope();
        if (lengths.All(n => n == lengths[0]))
            return rows.reshape(lengths.Length, lengths[0], rows.shape[1]).MoveToOuterDisposeScope();
        return nn.utils.rnn.pad_sequence(rows.split(lengths, 0), batch_first: true).MoveToOuterDisposeScope();
    }
}
