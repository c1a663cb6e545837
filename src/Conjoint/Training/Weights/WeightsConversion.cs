using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.PyTorchFiles;
using static TorchSharp.torch;

namespace Conjoint.Training;

/// <summary>Writes weights in another format or under other names.</summary>
public static class WeightsConversion
{
    private const string Unknown = "unknown";

    /// <summary>Converts a file. Equal weights give equal bytes.</summary>
    /// <param name="weights">A weights file or the folder of a finished run.</param>
    /// <param name="target">What it becomes.</param>
    /// <param name="output">Where to; the name's ending, <c>.safetensors</c>, <c>.pth</c> or <c>.pt</c>, decides the format.</param>
    /// <exception cref="InputDataException">The weights can't be read, or don't hold what is asked for.</exception>
    /// <exception cref="ConfigurationException">The output's name has another ending, or its folder can't be made.</exception>
    public static ConvertedWeights Convert(string weights, WeightsTarget target, string output)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        var format = Format(output, target);
        NativeBoot.Require();
        using var scope = NewDisposeScope();
        using var file = WeightsSource.Open(weights) ?? throw new InputDataException(weights, "no weights; expected a weights file or the folder of a finished run.");
        var card = file.Card ?? Foreign(file);
        LoadReport? report = null;
        var tensors = target switch
        {
            WeightsTarget.Torchvision => Backbone(file, ref card, out report),
            WeightsTarget.Safetensors => [.. file.Tensors],
            _ => ReleasedCheckpoint.Of(file.Path, file.Card, file.Tensors),
        };

        OutputFolder.Create(Path.GetDirectoryName(Path.GetFullPath(output))!);
        if (format == WeightsFormat.PyTorch)
            PyTorchWriter.Write(output, tensors, card);
        else
            WeightsFile.Write(output, tensors, card);
        return new ConvertedWeights(output, tensors.Count, tensors.Sum(t => t.Value.numel()), report);
    }

    private static WeightsFormat Format(string output, WeightsTarget target)
    {
        WeightsFormat? format = Path.GetExtension(output).ToLowerInvariant() switch
        {
            ".safetensors" => WeightsFormat.Safetensors,
            ".pth" or ".pt" => WeightsFormat.PyTorch,
            _ => null,
        };
        if (target == WeightsTarget.Safetensors && format != WeightsFormat.Safetensors)
            throw new ConfigurationException($"--out: received '{output}'; expected a name that ends with .safetensors.");
        return format ?? throw new ConfigurationException($"--out: received '{output}'; expected a name that ends with .pth, .pt or .safetensors.");
    }

    /// <summary>The slice encoder's tensors in torchvision's order.</summary>
    private static List<KeyValuePair<string, Tensor>> Backbone(WeightsSource file, ref WeightsCard card, out LoadReport report)
    {
        if (DescribedNets.Slices(file) is not { } settings)
            throw new InputDataException(file.Path, "holds no slice encoder: expected a card that describes one, or the tensors of a ResNet with bottleneck blocks.");
        using var encoder = new SliceEncoder(settings);
        report = NetWeights.Load(encoder, file.Path, file.Tensors, NetWeights.SlicePrefixes);
        // Old files lack the counter of batches, which changes nothing; anything else would be made up.
        if (report.Missing.FirstOrDefault(name => !name.EndsWith(".num_batches_tracked", StringComparison.Ordinal)) is { } missing)
            throw new InputDataException(file.Path, $"lacks '{missing}'; expected the whole slice encoder.");
        card = (card with { Task = null, Architecture = [] }).WithNet(DescribedNets.SliceEncoder, settings);
        // TorchSharp lists all parameters before all buffers; PyTorch goes module by module.
        return
        [
            .. encoder.state_dict().GroupBy(t => t.Key[..t.Key.LastIndexOf('.')]).SelectMany(module => module)
                .Select(t => KeyValuePair.Create(t.Key, t.Value.detach().clone())),
        ];
    }

    /// <summary>A card for weights that came without one: what the tensors show, and nothing that nobody has said.</summary>
    private static WeightsCard Foreign(WeightsSource file)
    {
        var card = new WeightsCard { Preset = "custom", Method = Unknown, Stage = Unknown, Input = InputNormalisation.Plain, Licence = WeightsCard.UnknownLicence };
        return ResNetShape.Of(file.Tensors) is { } settings ? card.WithNet(DescribedNets.SliceEncoder, settings) : card;
    }
}

/// <summary>Weights that were written.</summary>
/// <param name="Path">The file.</param>
/// <param name="Tensors">Tensors in it.</param>
/// <param name="Numbers">Numbers in them.</param>
/// <param name="Report">What became of the source's tensors where a net took them; null where all were copied.</param>
public sealed record ConvertedWeights(string Path, int Tensors, long Numbers, LoadReport? Report);
