using System.Globalization;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>
/// Which columns of a table name masks that lie over each other: <c>mask,clavicle_mask=4</c>. Labels of a column begin at the number behind it (1 without one): the label 1 of
/// <c>clavicle_mask</c> becomes 4, 2 becomes 5.
/// </summary>
public static class MaskColumns
{
    /// <summary>The columns of a text, in its order.</summary>
    /// <exception cref="ConfigurationException">A text that names no columns, or a first label that can't be.</exception>
    public static IReadOnlyList<(string Name, int First)> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var columns = new List<(string Name, int First)>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var sides = part.Split('=', StringSplitOptions.TrimEntries);
            var first = 1;
            if (sides.Length > 2 || sides[0].Length == 0 || columns.Any(c => c.Name == sides[0])
                || (sides.Length == 2 && !(int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out first) && first is >= 1 and <= LayeredMask.LargestLabel)))
            {
                throw new ConfigurationException($"The mask columns '{text}' have '{part}'; expected names of columns, each once, such as mask,clavicle_mask=4 where labels begin at a number from 1 to {LayeredMask.LargestLabel}.");
            }

            columns.Add((sides[0], first));
        }

        return columns;
    }
}
