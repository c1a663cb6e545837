using Conjoint.Runtime;

namespace Conjoint.Tasks.FineTuning;

/// <summary>Settings of a fine-tuning as far as they decide its numbers, to tell whether two are the same.</summary>
internal static class NumberChanging
{
    /// <summary>Leaves out what changes no number, or only its last bits.</summary>
    public static T Of<T>(T settings)
        where T : FineTuneSettings => settings with { Device = "", Workers = 1, CheckpointSeconds = 0 };

    /// <summary>The same, and says which precision <c>auto</c> is on the settings' device: 32 bits on a processor and bf16 on a card are two different results.</summary>
    /// <exception cref="ConfigurationException">The device isn't there.</exception>
    public static T OnDevice<T>(T settings)
        where T : FineTuneSettings
    {
        var isHalf = settings.Precision == Precision.Auto && !settings.IsAlwaysFull && Autocast.Resolve(Precision.Auto, ComputeDevice.Resolve(settings.Device)) == Precision.Bf16;
        return Of(settings) with { Precision = isHalf ? Precision.Bf16 : settings.Precision };
    }
}
