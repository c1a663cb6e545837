using System.CommandLine;
using Conjoint.Tasks.Classification;
using Conjoint.Tasks.Detection;
using Conjoint.Tasks.Segmentation;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint compare</c>: whether weights beat training from scratch on one's own labelled cases. One line a task.</summary>
internal static class CompareVerb
{
    public static Command Create() => new("compare", "Fine-tune from weights and from scratch, several times each, and tell the difference.")
    {
        new CompareTaskVerb("segment", "Compare segmenters.", new(store: "A store with masks.", labels: "masks", sample: "slice"), (flags, call) => flags.Settings<SegmentationSettings>(call, PresetEncoder.Of)),
        new CompareTaskVerb("classify", "Compare classifiers.", new(store: "A store whose cases have a class.", labels: "classes", sample: "case"), (flags, call) => flags.Settings<ClassificationSettings>(call, PresetEncoders.Of)),
        new CompareTaskVerb("detect", "Compare detectors.", new(store: "A store of images with boxes.", labels: "boxes", sample: "image"), (flags, call) => flags.Settings<DetectionSettings>(call, PresetEncoder.Of)),
    };
}
