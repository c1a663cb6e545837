namespace Conjoint.Tasks.FineTuning;

/// <summary>The names of the pre-trained nets' settings in every weights' card.</summary>
internal static class NetNames
{
    public const string SliceEncoder = "slice_encoder", VolumeEncoder = "volume_encoder";
}
