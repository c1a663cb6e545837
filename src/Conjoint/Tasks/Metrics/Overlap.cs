namespace Conjoint.Tasks.Metrics;

/// <summary>How many voxels prediction and truth of one class share; Dice and IoU follow from it.</summary>
/// <param name="Intersection">Voxels in both.</param>
/// <param name="Predicted">Voxels of the prediction.</param>
/// <param name="True">Voxels of the truth.</param>
public readonly record struct Overlap(long Intersection, long Predicted, long True)
{
    /// <summary>Whether the class occurs in neither: such a class has no score and is left out of every mean.</summary>
    public bool IsAbsent => Predicted + True == 0;

    /// <summary>2·|P∩T| / (|P|+|T|), in [0, 1]; NaN for a class that is absent from both.</summary>
    public double Dice => IsAbsent ? double.NaN : 2.0 * Intersection / (Predicted + True);

    /// <summary>|P∩T| / |P∪T|, in [0, 1]; NaN for a class that is absent from both.</summary>
    public double Iou => IsAbsent ? double.NaN : (double)Intersection / (Predicted + True - Intersection);

    /// <summary>Counts all classes in one pass over the voxels.</summary>
    /// <param name="prediction">Class of each voxel, below <paramref name="classes"/>.</param>
    /// <param name="truth">Class of each voxel, below <paramref name="classes"/>, in the same order.</param>
    /// <param name="classes">Number of classes, background (0) included.</param>
    /// <returns>One entry a class, background included.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static Overlap[] Count(ReadOnlySpan<ushort> prediction, ReadOnlySpan<ushort> truth, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        if (prediction.Length != truth.Length)
            throw new ArgumentException($"The prediction has {prediction.Length} voxels, the truth {truth.Length}.", nameof(prediction));

        var intersection = new long[classes];
        var predicted = new long[classes];
        var actual = new long[classes];
        for (var i = 0; i < truth.Length; i++)
        {
            predicted[prediction[i]]++;
            actual[truth[i]]++;
            if (prediction[i] == truth[i])
                intersection[truth[i]]++;
        }

        return [.. Enumerable.Range(0, classes).Select(c => new Overlap(intersection[c], predicted[c], actual[c]))];
    }

    /// <summary>Counts structures that may overlap.</summary>
    /// <param name="prediction">The structures at each voxel, bit k for the k-th.</param>
    /// <param name="truth">The same, in the same order.</param>
    /// <param name="structures">How many there are; at most 16.</param>
    /// <returns>One entry a structure.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static Overlap[] CountLayers(ReadOnlySpan<ushort> prediction, ReadOnlySpan<ushort> truth, int structures)
    {
        if (prediction.Length != truth.Length)
            throw new ArgumentException($"The prediction has {prediction.Length} voxels, the truth {truth.Length}.", nameof(prediction));
        var overlaps = new Overlap[structures];
        for (var k = 0; k < structures; k++)
        {
            long intersection = 0, predicted = 0, actual = 0;
            for (var i = 0; i < truth.Length; i++)
            {
                predicted += prediction[i] >> k & 1;
                actual += truth[i] >> k & 1;
                intersection += (prediction[i] & truth[i]) >> k & 1;
            }

            overlaps[k] = new Overlap(intersection, predicted, actual);
        }

        return overlaps;
    }
}
