using System.Globalization;
using Conjoint.Data.Augmentation;
using Conjoint.Runtime;

namespace Conjoint.Tasks.FineTuning;

/// <summary>How many labelled training subjects a fine-tuning may use: a count, a share, or all of them.</summary>
/// <remarks>Subjects are drawn, never slices or cases: all labels of a drawn subject count.</remarks>
public sealed record LabelBudget
{
    private const long DrawStream = 0x1ABE1; // keeps this draw apart from every other stream of the same seed

    private LabelBudget(int? count, double? fraction) => (Count, Fraction) = (count, fraction);

    /// <summary>Every labelled training subject.</summary>
    public static LabelBudget All { get; } = new(null, null);

    /// <summary>Number of subjects; null where a share or all are meant.</summary>
    public int? Count { get; }

    /// <summary>Share of the subjects in (0, 1]; null where a count or all are meant.</summary>
    public double? Fraction { get; }

    /// <summary>Reads <c>all</c>, a count such as <c>3</c>, or a share such as <c>20%</c>.</summary>
    /// <exception cref="ConfigurationException">Anything else, a count below 1, or a share outside (0 %, 100 %].</exception>
    public static LabelBudget Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text) ?? throw new ConfigurationException($"labels: {Fault(text)}.");
    }

    /// <summary>As <see cref="Parse"/>; null for what is no budget.</summary>
    internal static LabelBudget? TryParse(string text)
    {
        if (text == "all")
            return All;
        if (text.EndsWith('%')
            && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent is > 0 and <= 100)
            return new LabelBudget(null, percent / 100);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1)
            return new LabelBudget(count, null);
        return null;
    }

    /// <summary>What is wrong with a text that is no budget, and what would be right.</summary>
    internal static string Fault(string text) => $"received '{text}'; expected a count of subjects such as 3, a share such as 20%, or all";

    /// <summary>Draws subjects. The same seed draws nested sets: 3 subjects are among the 6 of the same seed.</summary>
    /// <param name="subjects">The labelled subjects; order and repetitions don't matter.</param>
    /// <param name="seed">Decides who is drawn.</param>
    /// <returns>The drawn subjects; a share is rounded to the nearest whole number and is at least one.</returns>
    /// <exception cref="ConfigurationException">More are asked for than there are.</exception>
    public IReadOnlySet<string> Draw(IEnumerable<string> subjects, long seed)
    {
        string[] pool = [.. subjects.Distinct().Order(StringComparer.Ordinal)];
        if (Count > pool.Length)
        {
            throw new ConfigurationException(
                $"labels: {Count}: there {(pool.Length == 1 ? "is 1 labelled training subject" : $"are {pool.Length} labelled training subjects")}; expected at most that many.");
        }

        var wanted = Count ?? (Fraction is { } share ? Math.Max(1, (int)Math.Round(share * pool.Length)) : pool.Length);
        var random = RandomStream.For(seed, DrawStream);
        for (var i = 0; i < wanted; i++)
        {
            var other = i + random.NextInt(pool.Length - i);
            (pool[i], pool[other]) = (pool[other], pool[i]);
        }

        return pool.Take(wanted).ToHashSet(StringComparer.Ordinal);
    }
}
