using static TorchSharp.torch;

namespace Conjoint.Tasks.FineTuning;

/// <summary>A net with what belongs to it, as fine-tuning sees it.</summary>
internal interface IFineTuneModel : IDisposable
{
    /// <summary>All that is trained, and saved by the names of its tensors.</summary>
    nn.Module Net { get; }

    /// <summary>Whether a parameter belongs to a net that pre-training makes; such nets may learn more slowly, and later.</summary>
    bool IsPretrained(string parameter);
}
