using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Segmentation;
using static TorchSharp.torch;

namespace Conjoint.Tests.Tasks;

/// <summary>Weights files of tiny nets with random but seeded values.</summary>
internal static class TinyModel
{
    public static SliceEncoderSettings Encoder { get; } = new() { BaseWidth = 4, Blocks = [1, 1, 1, 1] };

    public static InputNormalisation Input { get; } = new() { Size = 32, Mean = 0.3, Std = 0.3 };

    /// <summary>A short fine-tuning of a tiny segmenter on the processor.</summary>
    public static SegmentationSettings Segmentation { get; } = new()
    {
        Seed = 7, Batch = 6, Steps = 60, LearningRate = 0.1, Validations = 3, Encoder = Encoder, Input = Input, Augmentation = SliceAugmentationSettings.None,
        Device = "cpu", Workers = 1, CheckpointSeconds = 1000,
    };

    /// <summary>Joint weights as the last stage leaves them.</summary>
    public static void WriteJoint(string path, bool withVolumeEncoder = true, long seed = 1)
    {
        manual_seed(seed);
        using var slices = new SliceEncoder(Encoder);
        var volumeSettings = new VolumeEncoderSettings { Width = 16, Layers = 1, Heads = 2, HeadWidth = 8, HiddenWidth = 20, PositionTable = 8 };
        using var volumes = new VolumeEncoder(volumeSettings, slices.FeatureWidth);
        var card = new WeightsCard { Preset = "tiny", Method = "swav", Stage = withVolumeEncoder ? "volumes" : "slices", Input = Input }
            .WithNet("slice_encoder", Encoder);
        var tensors = slices.state_dict().Select(t => KeyValuePair.Create("slice_encoder." + t.Key, t.Value));
        if (withVolumeEncoder)
        {
            card = card.WithNet("volume_encoder", volumeSettings);
            tensors = tensors.Concat(volumes.state_dict().Select(t => KeyValuePair.Create("volume_encoder." + t.Key, t.Value)));
        }

        WeightsFile.Write(path, tensors, card);
    }

    /// <summary>A segmenter of labels 2 and 300, trained for a few steps on nothing much.</summary>
    public static void WriteSegmenter(string path, params int[] labels) => WriteSegmenter(path, Input, labels);

    /// <summary>One that takes several channels.</summary>
    public static void WriteSegmenter(string path, string[] channels, params int[] labels)
    {
        using var segmenter = Segmenter.Create(Encoder, new UNetSettings(), new ClassMap(labels), Input, seed: 3, CPU, channels);
        var card = new WeightsCard { Preset = "tiny", Method = "scratch", Stage = "finetune", Task = "segment", Input = Input }
            .WithNet("slice_encoder", Encoder).WithNet(SegmenterSettings.CardName, new SegmenterSettings { Labels = labels, Channels = channels });
        WeightsFile.Write(path, segmenter.State(), card);
    }

    /// <summary>The same with an input of another sort.</summary>
    public static void WriteSegmenter(string path, InputNormalisation input, params int[] labels)
    {
        var map = new ClassMap(labels);
        using var segmenter = Segmenter.Create(Encoder, new UNetSettings(), map, input, seed: 3, CPU);
        var card = new WeightsCard { Preset = "tiny", Method = "scratch", Stage = "finetune", Task = "segment", Input = input }
            .WithNet("slice_encoder", Encoder).WithNet(SegmenterSettings.CardName, new SegmenterSettings { Labels = labels });
        WeightsFile.Write(path, segmenter.State(), card);
    }
}
