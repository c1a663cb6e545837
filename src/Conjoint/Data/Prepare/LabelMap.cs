using System.Globalization;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>
/// Which label each value of a mask becomes: <c>205=1,420=2</c>, or a name of <see cref="Named"/>. <c>*=0</c> at the end sends every
/// label that isn't listed to the background; without it they stay. 0 is the background and stays.
/// </summary>
public sealed class LabelMap
{
    private readonly Dictionary<ushort, ushort> _labels;
    private readonly ushort? _others;

    private LabelMap(Dictionary<ushort, ushort> labels, ushort? others) => (_labels, _others) = (labels, others);

    /// <summary>
    /// Maps with a name. MMWHS: 205 myocardium, 420 left atrium, 500 left ventricle, 550 right atrium, 600 right ventricle, 820
    /// aorta, 850 pulmonary artery; one case of the MR set has 421 where 420 is meant. BraTS: 1 necrotic core, 2 oedema, 4 enhancing.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Named { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["mmwhs"] = "205=1,420=2,421=2,500=3,550=4,600=5,820=6,850=7",
        ["mmwhs-whole-heart"] = "205=1,420=1,421=1,500=1,550=1,600=1,820=1,850=1",
        ["mmwhs-left-atrium"] = "420=1,421=1,*=0",
        ["brats"] = "1=1,2=2,4=3",
        ["brats-whole-tumour"] = "1=1,2=1,4=1",
        ["brats-tumour-core"] = "1=1,4=1,*=0",
        ["brats-enhancing"] = "4=1,*=0",
        ["jsrt-lungs"] = "1=1,2=1,*=0",
        ["any"] = "*=1",
    };

    /// <summary>The map of a text, as the class comment says.</summary>
    /// <exception cref="ConfigurationException">A text that is no map; it says what would be right.</exception>
    public static LabelMap Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Named.TryGetValue(text.Trim(), out var meant))
            text = meant;
        var labels = new Dictionary<ushort, ushort>();
        ushort? others = null;
        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var sides = pair.Split('=', StringSplitOptions.TrimEntries);
            if (sides.Length != 2 || !TryLabel(sides[1], out var to))
                throw Refusal(text, pair);
            if (sides[0] == "*" ? others is not null : !TryLabel(sides[0], out _) || sides[0].Trim('0').Length == 0)
                throw Refusal(text, pair);
            if (sides[0] == "*")
                others = to;
            else if (TryLabel(sides[0], out var from) && !labels.TryAdd(from, to))
                throw new ConfigurationException($"The label map '{text}' names {from} twice; each label becomes one other.");
        }

        return new LabelMap(labels, others);
    }

    /// <summary>The label that a label becomes.</summary>
    public int this[int label] => label == 0 ? 0 : _labels.TryGetValue((ushort)label, out var to) ? to : _others ?? label;

    /// <summary>The map that gives what one map and then another gives; both may be null.</summary>
    internal static IReadOnlyList<LabelMap> Chain(LabelMap? first, string? second) =>
        [.. new[] { first, second is null ? null : Parse(second) }.OfType<LabelMap>()];

    /// <summary>Changes labels in place.</summary>
    /// <returns>The foreground labels that occur afterwards, ascending.</returns>
    internal int[] Apply(Span<ushort> labels, IReadOnlyList<int> found)
    {
        var to = found.ToDictionary(l => (ushort)l, l => (ushort)this[l]);
        to[0] = 0;
        foreach (ref var label in labels)
            label = to[label];
        return [.. to.Values.Where(l => l > 0).Distinct().Order().Select(l => (int)l)];
    }

    /// <summary>The same text for the same map.</summary>
    public override string ToString() =>
        string.Join(',', _labels.OrderBy(l => l.Key).Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key}={l.Value}"))
            .Concat(_others is { } rest ? [string.Create(CultureInfo.InvariantCulture, $"*={rest}")] : []));

    private static bool TryLabel(string text, out ushort label) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out label);

    private static ConfigurationException Refusal(string text, string pair) =>
        new($"The label map '{text}' has '{pair}'; expected pairs such as 205=1,420=2 (labels from 1 to {ushort.MaxValue}; *=0 for all others), or one of {string.Join(", ", Named.Keys)}.");
}
