using Conjoint.Imaging;
using static TorchSharp.torch;

namespace Conjoint.Tasks;

/// <summary>Puts the tensors of a weights file into an encoder by name.</summary>
internal static class EncoderWeights
{
    /// <summary>Below this share of the encoder's parameters a file is not weights of this encoder.</summary>
    public const double LeastShare = 0.9;

    /// <summary>What stands before a slice encoder's names: joint weights, a segmenter's, data-parallel training's, and plain torchvision names.</summary>
    public static readonly string[] SlicePrefixes = ["slice_encoder.", "encoder.", "module.", "backbone.", ""];

    /// <summary>What stands before a volume encoder's names: joint weights, and the masked model's.</summary>
    public static readonly string[] VolumePrefixes = ["volume_encoder.", "masked.encoder."];

    /// <summary>Takes every tensor whose name and shape fit.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <param name="tensors">The file's tensors.</param>
    /// <param name="prefixes">What may stand before the names; the one that fits best is taken.</param>
    /// <exception cref="InputDataException">Less than 90 % of the encoder's parameters are in the file.</exception>
    public static EncoderLoadReport Load(
        nn.Module encoder, string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyList<string> prefixes)
    {
        var own = encoder.state_dict();
        var parameters = encoder.named_parameters().Select(p => p.name).ToHashSet(StringComparer.Ordinal);
        var prefix = prefixes.MaxBy(p => Share(own, parameters, name => Fits(tensors, p + name, own[name])))!;
        var share = Share(own, parameters, name => Fits(tensors, prefix + name, own[name]));
        if (share < LeastShare)
            throw new InputDataException(path, Refusal(share, own, parameters, prefix, tensors));

        var report = new EncoderLoadReport(
            prefix,
            [.. own.Keys.Where(name => Fits(tensors, prefix + name, own[name]))],
            [.. own.Keys.Where(name => !Fits(tensors, prefix + name, own[name]))],
            [.. tensors.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && !own.ContainsKey(n[prefix.Length..]))],
            share);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var name in report.Matched)
            own[name].copy_(tensors[prefix + name]);
        return report;
    }

    private static bool Fits(IReadOnlyDictionary<string, Tensor> tensors, string name, Tensor own) =>
        tensors.TryGetValue(name, out var tensor) && tensor.shape.AsSpan().SequenceEqual(own.shape);

    private static double Share(IReadOnlyDictionary<string, Tensor> own, HashSet<string> parameters, Func<string, bool> taken)
    {
        var all = own.Where(t => parameters.Contains(t.Key)).ToArray();
        return (double)all.Where(t => taken(t.Key)).Sum(t => t.Value.numel()) / all.Sum(t => t.Value.numel());
    }

    private static string Refusal(
        double share, IReadOnlyDictionary<string, Tensor> own, HashSet<string> parameters, string prefix, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var missing = own.Keys.First(n => parameters.Contains(n) && !Fits(tensors, prefix + n, own[n]));
        var found = tensors.TryGetValue(prefix + missing, out var other)
            ? $"'{prefix + missing}' has shape [{string.Join(", ", other.shape)}], the encoder's [{string.Join(", ", own[missing].shape)}]"
            : $"'{missing}' is not in it";
        return FormattableString.Invariant($"holds {share:P0} of this encoder's parameters ({found}); expected at least {LeastShare:P0}. ")
            + "Run 'conjoint weights show' on the file to see the net it belongs to.";
    }
}
