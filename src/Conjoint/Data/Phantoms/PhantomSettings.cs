using Conjoint.Runtime;

namespace Conjoint.Data.Phantoms;

/// <summary>
/// What <see cref="PhantomDataSet"/> makes. A subject depends on the seed, its split and its number in the split alone, so that
/// more training subjects leave the test subjects as they are.
/// </summary>
public sealed record PhantomSettings
{
    /// <summary>Which people; the same seed gives the same files on one machine.</summary>
    public long Seed { get; init; }

    /// <summary>Subjects with a CT of the chest.</summary>
    public SplitCounts Ct { get; init; } = new(Train: 24, Validation: 4, Test: 8);

    /// <summary>Subjects with an MR of the heart; other people than those of the chest.</summary>
    public SplitCounts Mr { get; init; } = new(Train: 8, Validation: 0, Test: 2);

    /// <summary>Subjects with a radiograph: the first of each split's CT subjects, and further people where there are more of them.</summary>
    public SplitCounts Radiographs { get; init; } = new(Train: 16, Validation: 2, Test: 6);

    /// <summary>Pixels along each side of a CT slice, 16..512; an MR slice has five sixths of them.</summary>
    public int Matrix { get; init; } = 96;

    /// <summary>Slices of a CT on average, 1..512; a scan has up to a sixth more or fewer. An MR has two thirds of them.</summary>
    public int Slices { get; init; } = 27;

    /// <summary>Pixels along each side of a radiograph, 32..1024.</summary>
    public int RadiographSize { get; init; } = 128;

    /// <summary>Subjects made at a time; at least 1. Files don't depend on it.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Checks all values.</summary>
    /// <exception cref="ConfigurationException">A value is out of its range; the message names it and its range.</exception>
    internal void Validate()
    {
        foreach (var (name, counts) in new[] { (nameof(Ct), Ct), (nameof(Mr), Mr), (nameof(Radiographs), Radiographs) })
        {
            if (counts.Train < 0 || counts.Validation < 0 || counts.Test < 0)
                throw new ConfigurationException($"{name}: counts are {counts.Train}/{counts.Validation}/{counts.Test}; none may be negative.");
        }

        Check(nameof(Matrix), Matrix, 16, 512);
        Check(nameof(Slices), Slices, 1, 512);
        Check(nameof(RadiographSize), RadiographSize, 32, 1024);
        Check(nameof(Workers), Workers, 1, int.MaxValue);
    }

    private static void Check(string name, int value, int lowest, int highest)
    {
        if (value < lowest || value > highest)
            throw new ConfigurationException($"{name} is {value}; it must be {lowest}..{highest}.");
    }
}
