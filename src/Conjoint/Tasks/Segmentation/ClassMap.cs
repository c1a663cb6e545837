using System.Numerics;
using Conjoint.Data;

namespace Conjoint.Tasks.Segmentation;

/// <summary>Between the values of a mask and the classes 0, 1, 2 ... of a net; 0 is the background in both.</summary>
/// <remarks>
/// Where structures overlap, both are sets: the mask's of labels (<see cref="LayeredMask"/>), the net's of structures, bit k for the k-th.
/// </remarks>
public sealed class ClassMap
{
    private readonly ushort[] _classes = new ushort[ushort.MaxValue + 1];

    /// <summary>Makes the map.</summary>
    /// <param name="labels">The foreground values in a mask, ascending, each from 1 to 65535; the k-th of them is class k + 1.</param>
    /// <param name="isLayered">Whether structures may overlap; labels reach to <see cref="LayeredMask.LargestLabel"/> then.</param>
    /// <exception cref="ArgumentException">No labels, or not ascending within the range.</exception>
    public ClassMap(IReadOnlyList<int> labels, bool isLayered = false)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (Fault(labels, isLayered) is { } fault)
            throw new ArgumentException($"Labels: {fault}.", nameof(labels));
        (Labels, IsLayered) = ([.. labels], isLayered);
        if (!isLayered)
        {
            for (var k = 0; k < labels.Count; k++)
                _classes[labels[k]] = (ushort)(k + 1);
            return;
        }

        for (var set = 0; set < _classes.Length; set++)
        {
            for (var k = 0; k < labels.Count; k++)
                _classes[set] |= (ushort)((set & LayeredMask.Of(labels[k])) != 0 ? 1 << k : 0);
        }
    }

    /// <summary>The foreground values in a mask.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Whether structures may overlap.</summary>
    public bool IsLayered { get; }

    /// <summary>Maps that a net gives for a slice: one a class, the background included; of structures that may overlap one each.</summary>
    public int Outputs => OutputsOf(Labels, IsLayered);

    /// <summary>As <see cref="Outputs"/>.</summary>
    internal static int OutputsOf(IReadOnlyList<int> labels, bool isLayered) => labels.Count + (isLayered ? 0 : 1);

    /// <summary>Why these can't be labels; null when they can.</summary>
    internal static string? Fault(IReadOnlyList<int> labels, bool isLayered) =>
        labels.Count == 0 || labels[0] < 1 || labels[^1] > Largest(isLayered) || labels.Zip(labels.Skip(1)).Any(pair => pair.First >= pair.Second)
            ? $"received [{string.Join(", ", labels.Take(20))}]; expected ascending numbers from 1 to {Largest(isLayered)}"
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
            classes[i] = IsLayered ? SetOf(classes[i]) : classes[i] == 0 ? (ushort)0 : (ushort)Labels[classes[i] - 1];
    }

    /// <summary>The label to draw for what stands in a pixel: of several structures the last.</summary>
    internal int Drawn(ushort value) => value == 0 ? 0 : Labels[IsLayered ? BitOperations.Log2(value) : value - 1];

    private ushort SetOf(int structures)
    {
        var set = 0;
        for (var k = 0; k < Labels.Count; k++)
            set |= (structures >> k & 1) == 0 ? 0 : LayeredMask.Of(Labels[k]);
        return (ushort)set;
    }

    private static int Largest(bool isLayered) => isLayered ? LayeredMask.LargestLabel : ushort.MaxValue;
}
