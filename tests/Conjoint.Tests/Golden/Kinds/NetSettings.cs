using Conjoint.Nets;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The nets' settings as the <c>paper_*</c> cases state them.</summary>
internal static class NetSettings
{
    public static VolumeEncoderSettings VolumeEncoder(GoldenCase golden) => new()
    {
        Width = golden.Int("dim"),
        Heads = golden.Int("heads"),
        HeadWidth = golden.Int("width"),
        PositionTable = golden.Int("table"),
        HiddenWidth = golden.HasKey("hidden") ? golden.Int("hidden") : golden.Int("dim"),
        Layers = golden.HasKey("layers") ? golden.Int("layers") : 1,
        Dropout = golden.HasKey("drop") ? golden.Number("drop") : 0,
    };

    public static SliceEncoderSettings SliceEncoder(GoldenCase golden) => new()
    {
        BaseWidth = golden.Int("base_width"),
        Blocks = golden.Ints("blocks"),
    };
}
