namespace Conjoint.Tasks.Segmentation;

/// <summary>Between the values of a mask and the classes 0, 1, 2 ... of a net; 0 is the background in both.</summary>
public sealed class ClassMap
{
    private readonly ushort[] _classes = new ushort[ushort.MaxValue + 1];

    /// <summary>Makes the map.</summary>
    /// <param name="labels">The foreground values in a mask, ascending, each from 1 to 65535; the k-th of them is class k + 1.</param>
    /// <exception cref="ArgumentException">No labels, or not ascending within the range.</exception>
    public ClassMap(IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (Fault(labels) is { } fault)
            throw new ArgumentException($"Labels: {fault}.", nameof(labels));
        Labels = [.. labels];
        for (var k = 0; k < labels.Count; k++)
            _classes[labels[k]] = (ushort)(k + 1);
    }

    /// <summary>The foreground values in a mask.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Number of classes, background included.</summary>
    public int Classes => Labels.Count + 1;

    /// <summary>Why these can't be labels; null when they can.</summary>
    internal static string? Fault(IReadOnlyList<int> labels) =>
        labels.Count == 0 || labels[0] < 1 || labels[^1] > ushort.MaxValue || labels.Zip(labels.Skip(1)).Any(pair => pair.First >= pair.Second)
            ? $"received [{string.Join(", ", labels.Take(20))}]; expected ascending numbers from 1 to {ushort.MaxValue}"
            : null;

    /// <summary>Replaces mask values by classes; values that aren't among the labels become background.</summary>
    public void ToClasses(Span<ushort> mask)
    {
        for (var i = 0; i < mask.Length; i++)
            mask[i] = _classes[mask[i]];
    }

    /// <summary>Replaces classes by mask values.</summary>
    public void ToLabels(Span<ushort> classes)
    {
        for (var i = 0; i < classes.Length; i++)
            classes[i] = classes[i] == 0 ? (ushort)0 : (ushort)Labels[classes[i] - 1];
    }
}
