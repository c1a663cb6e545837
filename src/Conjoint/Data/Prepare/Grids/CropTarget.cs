using System.Text.Json.Serialization;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>What volumes are cut to: a size about their centre, or the box of what is brighter than the background.</summary>
[JsonConverter(typeof(TextJson<CropTarget>))]
public sealed record CropTarget : IReadableText<CropTarget>
{
    private const string ForegroundWord = "foreground";

    private CropTarget(GridSize? size) => Size = size;

    /// <summary>The smallest box that holds everything above the background, see <see cref="Data.Foreground"/>.</summary>
    public static CropTarget Foreground { get; } = new(size: null);

    /// <summary>Voxels that are left at most, about the centre; null for the foreground.</summary>
    public GridSize? Size { get; }

    /// <summary>Reads <c>X,Y,Z</c> or <c>foreground</c>.</summary>
    /// <exception cref="ConfigurationException">Neither.</exception>
    public static CropTarget Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == ForegroundWord)
            return Foreground;
        return new CropTarget(GridSize.TryParse(text)
            ?? throw new ConfigurationException($"received '{text}'; expected three numbers of voxels X,Y,Z such as 192,160,64, or {ForegroundWord}"));
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Size?.ToString() ?? ForegroundWord;
}
