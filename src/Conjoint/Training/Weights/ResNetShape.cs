using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Training;

/// <summary>Reads the settings of a slice encoder off the tensors of a file without a card.</summary>
internal static class ResNetShape
{
    private const int Stages = 4;
    private const string FirstBlock = "layer1.0.conv3.weight";

    /// <summary>The settings; null where no tensors make a ResNet of plain bottleneck blocks, whatever stands before their names.</summary>
    /// <remarks>The shapes of every block are checked, so that a net of these settings is no larger than the file.</remarks>
    public static SliceEncoderSettings? Of(IReadOnlyDictionary<string, Tensor> tensors) => tensors.Keys
        .Where(name => name.EndsWith(FirstBlock, StringComparison.Ordinal))
        .Select(name => name[..^FirstBlock.Length])
        .Where(prefix => prefix.Length == 0 || prefix[^1] == '.')
        .Select(prefix => Of(tensors, prefix))
        .FirstOrDefault(settings => settings is not null);

    private static SliceEncoderSettings? Of(IReadOnlyDictionary<string, Tensor> tensors, string prefix)
    {
        if (!tensors.TryGetValue(prefix + "conv1.weight", out var stem) || stem.dim() != 4 || stem.shape[0] is < 1 or > int.MaxValue / 64)
            return null;
        var width = stem.shape[0];
        var blocks = new int[Stages];
        for (var stage = 0; stage < Stages; stage++)
        {
            var inner = width << stage;
            while (tensors.TryGetValue($"{prefix}layer{stage + 1}.{blocks[stage]}.conv2.weight", out var kernel))
            {
                if (!kernel.shape.AsSpan().SequenceEqual([inner, inner, 3, 3]))
                    return null;
                blocks[stage]++;
            }

            if (blocks[stage] == 0)
                return null;
        }

        return new SliceEncoderSettings { BaseWidth = (int)width, Blocks = blocks };
    }
}
