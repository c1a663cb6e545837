using System.Globalization;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>A range of Hounsfield units that is spread over [0, 1].</summary>
/// <param name="Low">What becomes 0, and all below.</param>
/// <param name="High">What becomes 1, and all above; above <paramref name="Low"/>.</param>
public sealed record HounsfieldWindow(double Low, double High)
{
    /// <summary>
    /// Windows by name, from the widths and levels of radiological practice (Radiopaedia, "Windowing (CT)", rID-52108): lung W 1500
    /// L −600, soft tissue (abdomen) W 400 L 50, bone W 1800 L 400, brain W 80 L 40.
    /// </summary>
    public static IReadOnlyDictionary<string, HounsfieldWindow> Named { get; } = new Dictionary<string, HounsfieldWindow>(StringComparer.Ordinal)
    {
        ["lung"] = OfLevel(1500, -600),
        ["soft-tissue"] = OfLevel(400, 50),
        ["bone"] = OfLevel(1800, 400),
        ["brain"] = OfLevel(80, 40),
    };

    /// <summary>Reads <c>lung</c>, <c>soft-tissue</c>, <c>bone</c>, <c>brain</c>, or <c>LOW..HIGH</c> in Hounsfield units.</summary>
    /// <exception cref="ConfigurationException">Neither.</exception>
    public static HounsfieldWindow Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Named.TryGetValue(text, out var named))
            return named;
        var ends = text.Split("..");
        return ends.Length == 2 && Number(ends[0]) is { } low && Number(ends[1]) is { } high && low < high
            ? new HounsfieldWindow(low, high)
            : throw new ConfigurationException($"received '{text}'; expected {string.Join(", ", Named.Keys)}, or two Hounsfield units in order such as -150..250");
    }

    private static HounsfieldWindow OfLevel(double width, double level) => new(level - width / 2, level + width / 2);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
