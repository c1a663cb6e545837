using System.CommandLine;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint finetune</c>: trains for a labelled task. One line a task.</summary>
internal static class FinetuneVerb
{
    public static Command Create() => new("finetune", "Train for a labelled task, from pre-trained weights or from scratch.")
    {
        new FinetuneSegmentVerb(),
        new FinetuneClassifyVerb(),
        new FinetuneDetectVerb(),
    };
}
