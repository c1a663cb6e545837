using Conjoint.Runtime;

namespace Conjoint.Tasks.FineTuning;

/// <summary>Settings of a fine-tuning as far as they decide its numbers, to tell whether two are the same.</summary>
internal static class NumberChanging
{
    /// <summary>Leaves out what changes no number, or only its last bits, and says which precision <c>auto</c> is.</summary>
    public static T Of<T>(T settings)
        where T : FineTuneSettings
    {
        // 'auto' is 32 bits on a processor and bf16 on a card: two different results.
        var isHalf = settings.Precision == Precision.Auto && Autocast.Resolve(Precision.Auto, ComputeDevice.Resolve(settings.Device)) == Precision.Bf16;
        return settings with { Device = "", Workers = 1, CheckpointSeconds = 0, Precision = isHalf ? Precision.Bf16 : settings.Precision };
    }
}
