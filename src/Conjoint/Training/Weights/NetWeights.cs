using Conjoint.Imaging;
using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Training;

/// <summary>Puts the tensors of a weights file into a net by name, whatever stands before the names.</summary>
internal static class NetWeights
{
    /// <summary>Below this share of the net's parameters a file is not weights of this net (SPEC §3).</summary>
    public const double LeastShare = 0.9;

    // The stem is the one layer that grey and colour nets have in different shapes.
    private const string Stem = "conv1.weight";

    // More parts before a name than any checkpoint has.
    private const int MostParts = 8;

    /// <summary>What stands before a slice encoder's names in weights that have several nets: these are tried first where several fit as well.</summary>
    public static IReadOnlyList<string> SlicePrefixes { get; } =
    [
        "slice_encoder.", "encoder.", "module.intra.", "intra.", "module.encoder_q.", "module.", "backbone.", "trunk._feature_blocks.", "_feature_blocks.", "",
    ];

    /// <summary>What stands before the names of a <see cref="ResNet3d"/>.</summary>
    public static IReadOnlyList<string> ResNet3dPrefixes { get; } = ["resnet_3d.", "encoder."];

    /// <summary>What stands before a volume encoder's names: joint weights, and the masked model's.</summary>
    public static IReadOnlyList<string> VolumePrefixes { get; } = ["volume_encoder.", "masked.encoder."];

    /// <summary>Whether a file has a volume encoder in it.</summary>
    public static bool HoldVolumeEncoder(IReadOnlyDictionary<string, Tensor> tensors) =>
        VolumePrefixes.Any(p => tensors.Keys.Any(name => name.StartsWith(p, StringComparison.Ordinal)));

    /// <summary>Takes every tensor of the net's names.</summary>
    /// <param name="net">The net.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <param name="tensors">The file's tensors.</param>
    /// <param name="preferred">Which prefixes go first where several fit as well; otherwise the first in the file does.</param>
    /// <exception cref="InputDataException">Less than 90 % of the net's parameters are in the file, a tensor has another shape, or one holds NaN or infinite numbers.</exception>
    public static LoadReport Load(nn.Module net, string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyList<string> preferred)
    {
        var own = net.state_dict();
        var parameters = net.named_parameters().Select(p => p.name).ToHashSet(StringComparer.Ordinal);
        var prefix = Prefix(own, parameters, tensors, preferred);
        bool Taken(string name) => tensors.TryGetValue(prefix + name, out var tensor) && Fits(name, tensor, own[name]);

        var share = (double)own.Where(t => parameters.Contains(t.Key) && Taken(t.Key)).Sum(t => t.Value.numel())
            / own.Where(t => parameters.Contains(t.Key)).Sum(t => t.Value.numel());
        if (share < LeastShare)
            throw new InputDataException(path, TooLittle(share, own.First(t => parameters.Contains(t.Key) && !Taken(t.Key)), prefix, tensors));
        if (own.FirstOrDefault(t => tensors.ContainsKey(prefix + t.Key) && !Taken(t.Key)) is { Key: { } misfit })
            throw new InputDataException(path, $"{Shapes(prefix + misfit, tensors[prefix + misfit], own[misfit])}; use the preset that the weights were made with.");

        var report = new LoadReport(
            prefix,
            [.. own.Keys.Where(Taken)],
            [.. own.Keys.Where(name => !Taken(name))],
            [.. tensors.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && !own.ContainsKey(n[prefix.Length..]))],
            [
                .. own.Where(t => Taken(t.Key) && !SameShape(tensors[prefix + t.Key], t.Value))
                    .Select(t => new ReshapedTensor(t.Key, tensors[prefix + t.Key].shape, t.Value.shape)),
            ],
            share);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var name in report.Matched)
        {
            var tensor = tensors[prefix + name];
            RequireFinite(path, prefix + name, tensor);
            own[name].copy_(SameShape(tensor, own[name]) ? tensor : SpreadOver(tensor.to(own[name].dtype), own[name].shape[1]));
        }

        return report;
    }

    /// <summary>One number that is none makes every output of the net one that is none.</summary>
    /// <param name="path">The file's name for the message.</param>
    /// <param name="name">The tensor's name in it.</param>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="InputDataException">It holds NaN or infinite numbers.</exception>
    internal static void RequireFinite(string path, string name, Tensor tensor)
    {
        if (!tensor.is_floating_point())
            return;
        using var scope = NewDisposeScope();
        var spoiled = tensor.numel() - tensor.isfinite().sum().item<long>();
        if (spoiled > 0)
            throw new InputDataException(path, $"'{name}' holds {spoiled} NaN or infinite numbers of {tensor.numel()}; the weights are spoiled, take those of an earlier run.");
    }

    /// <summary>
    /// A kernel of one channel, or of three for equal ones, over as many as a net has, [b, 1 or 3, k, k] to [b, C, k, k] or with a third axis: the same share each, so that
    /// equal channels give what the one gave.
    /// </summary>
    /// <remarks>The last share is what the others leave, so that the sum is the kernel bit for bit.</remarks>
    internal static Tensor SpreadOver(Tensor kernel, long channels)
    {
        using var scope = NewDisposeScope();
        var one = kernel.shape[1] == 1 ? kernel : SliceEncoder.FoldToOneChannel(kernel);
        var share = one / channels;
        var shares = Enumerable.Repeat(share, (int)channels - 1).ToList();
        var given = shares.Count == 0 ? zeros_like(one) : shares.Skip(1).Aggregate(share, (sum, s) => sum + s);
        return cat([.. shares, one - given], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The prefix under which the file has most of the net's numbers, or of its names where no shape fits.</summary>
    private static string Prefix(
        Dictionary<string, Tensor> own, HashSet<string> parameters, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyList<string> preferred)
    {
        var found = new OrderedDictionary<string, (long Numbers, int Names)>(StringComparer.Ordinal);
        foreach (var (full, tensor) in tensors)
        {
            var start = 0;
            for (var parts = 0; parts <= MostParts; parts++)
            {
                var name = full[start..];
                if (parameters.Contains(name))
                {
                    var (numbers, names) = found.GetValueOrDefault(full[..start]);
                    found[full[..start]] = (numbers + (Fits(name, tensor, own[name]) ? own[name].numel() : 0), names + 1);
                }

                start = full.IndexOf('.', start) + 1;
                if (start == 0)
                    break;
            }
        }

        // The order is stable: what fits as well as another stays in the file's order.
        return found.OrderByDescending(f => f.Value).ThenBy(f => Rank(f.Key)).Select(f => f.Key).FirstOrDefault("");

        int Rank(string prefix)
        {
            var place = preferred.TakeWhile(p => p != prefix).Count();
            return place < preferred.Count ? place : int.MaxValue;
        }
    }

    private static bool Fits(string name, Tensor tensor, Tensor own) => SameShape(tensor, own)
        || (name == Stem && tensor.dim() is 4 or 5 && tensor.dim() == own.dim() && tensor.shape[1] is 1 or 3 && own.shape[1] > 0
            && tensor.shape[0] == own.shape[0] && tensor.shape.AsSpan(2).SequenceEqual(own.shape.AsSpan(2)));

    private static bool SameShape(Tensor a, Tensor b) => a.shape.AsSpan().SequenceEqual(b.shape);

    private static string Shapes(string name, Tensor found, Tensor own) =>
        $"'{name}' has shape [{string.Join(", ", found.shape)}], the encoder's is [{string.Join(", ", own.shape)}]";

    private static string TooLittle(double share, KeyValuePair<string, Tensor> missing, string prefix, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var found = tensors.TryGetValue(prefix + missing.Key, out var other)
            ? Shapes(prefix + missing.Key, other, missing.Value)
            : $"'{missing.Key}' is not in it";
        return FormattableString.Invariant($"holds {share:P0} of this encoder's parameters ({found}); expected at least {LeastShare:P0}. ")
            + "Run 'conjoint weights show' on the file to see the net it belongs to.";
    }
}
