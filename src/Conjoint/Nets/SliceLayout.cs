using static TorchSharp.torch;

namespace Conjoint.Nets;

/// <summary>
/// Which rows of a right-padded batch [B, N, ...] are slices, and how many keys each volume is sampled at.
/// </summary>
/// <remarks>Made once a batch, used by every layer. Its tensors belong to the dispose scope it was made in.</remarks>
public sealed class SliceLayout
{
    // The offset network's convolution is 6 wide, has stride 4 and pads one zero on each side.
    private const int FewestConvolved = OffsetNetwork.Kernel - 2 * OffsetNetwork.Margin;

    /// <summary>Describes a batch.</summary>
    /// <param name="lengths">N of each volume, from 1 to <paramref name="paddedLength"/>.</param>
    /// <param name="paddedLength">Rows of every volume in the batch.</param>
    /// <param name="like">A tensor of the device and type to compute with; 16-bit types compute positions in float32.</param>
    /// <exception cref="ArgumentException">A length is out of range.</exception>
    public SliceLayout(IReadOnlyList<long> lengths, long paddedLength, Tensor like)
    {
        if (lengths.Count == 0 || lengths.Any(n => n < 1 || n > paddedLength))
            throw new ArgumentException($"slice counts [{string.Join(", ", lengths)}] must lie between 1 and the padded length {paddedLength}.", nameof(lengths));
        using var scope = NewDisposeScope();
        Lengths = [.. lengths];
        PaddedLength = paddedLength;
        SampleCount = SamplesFor(paddedLength);
        Type = like.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : like.dtype;

        Slices = tensor(Lengths, dtype: Type, device: like.device).MoveToOuterDisposeScope();
        var samples = tensor([.. Lengths.Select(SamplesFor)], ScalarType.Int64).to(like.device);
        Samples = samples.to(Type).MoveToOuterDisposeScope();
        if (Lengths.Any(n => n != paddedLength))
        {
            var slices = tensor(Lengths, ScalarType.Int64).to(like.device);
            Padding = (arange(paddedLength, device: like.device).unsqueeze(0) >= slices.unsqueeze(1)).MoveToOuterDisposeScope();
            SamplePadding = (arange(SampleCount, device: like.device).unsqueeze(0) >= samples.unsqueeze(1)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>N of each volume.</summary>
    public long[] Lengths { get; }

    /// <summary>Rows of every volume in the batch.</summary>
    public long PaddedLength { get; }

    /// <summary>M of a volume of <see cref="PaddedLength"/> slices: the most samples in the batch.</summary>
    public long SampleCount { get; }

    /// <summary>The type of positions and biases.</summary>
    internal ScalarType Type { get; }

    /// <summary>N, [B].</summary>
    internal Tensor Slices { get; }

    /// <summary>M, [B].</summary>
    internal Tensor Samples { get; }

    /// <summary>True where a row is no slice, [B, N]; null when every row is one.</summary>
    internal Tensor? Padding { get; }

    /// <summary>True where a sample is none of its volume, [B, M]; null when every one is.</summary>
    internal Tensor? SamplePadding { get; }

    /// <summary>M = ⌊(max(N, 4) + 2 − 6)/4⌋ + 1, the length of the offset network's output.</summary>
    internal static long SamplesFor(long slices) =>
        (Math.Max(slices, FewestConvolved) + 2 * OffsetNetwork.Margin - OffsetNetwork.Kernel) / OffsetNetwork.Stride + 1;

    /// <summary>Rows [B, N, F] with zeros where there is no slice, whatever stood there; the rows themselves where all are slices.</summary>
    internal Tensor ZeroPadding(Tensor rows)
    {
        if (rows.dim() != 3 || rows.shape[0] != Lengths.Length || rows.shape[1] != PaddedLength)
            throw new ArgumentException($"rows [{string.Join(", ", rows.shape)}] do not match a batch of {Lengths.Length} volumes padded to {PaddedLength} slices.", nameof(rows));
        return Padding is null ? rows : rows.masked_fill(Padding.unsqueeze(-1), 0);
    }
}
