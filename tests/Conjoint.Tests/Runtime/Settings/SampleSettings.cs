using System.Text.Json.Serialization;
using Conjoint.Runtime.Settings;

namespace Conjoint.Tests.Runtime.Settings;

/// <summary>A tree of settings with a member of every kind.</summary>
public sealed record SampleSettings : IValidated
{
    [Bounds(AtLeast = 0)]
    public long Seed { get; init; }

    public string Name { get; init; } = "run";

    public string? Weights { get; init; }

    public SampleMethod Method { get; init; } = SampleMethod.Swav;

    public SampleLoss Loss { get; init; } = new() { Epsilon = 0.1 };

    public SampleLoss? Extra { get; init; }

    [Bounds(AtLeast = 1)]
    public IReadOnlyList<int> Prototypes { get; init; } = [64];

    public IReadOnlyList<SampleCrop> Crops { get; init; } = [new() { Size = 224 }, new() { Size = 96 }];

    public int? Queue { get; init; }

    public bool FreezeStem { get; init; }

    public int Doubled => Prototypes.Count * 2;

    public IEnumerable<SettingsProblem> Problems()
    {
        if (Queue > 100 && Method == SampleMethod.DeepClusterV2)
            yield return new("queue", "deepcluster-v2 has no queue; expected null");
    }
}

public enum SampleMethod
{
    Swav,

    [JsonStringEnumMemberName("deepcluster-v2")]
    DeepClusterV2,

    PerCrop,
}

public abstract record SampleLength
{
    [Bounds(AtLeast = 1)]
    public int Rounds { get; init; } = 100;
}

public sealed record SampleLoss : SampleLength
{
    [Bounds(Above = 0, AtMost = 1)]
    public double Epsilon { get; init; } = 0.05;

    public int Iterations { get; init; } = 3;
}

public sealed record SampleCrop : IValidated
{
    public required int Size { get; init; }

    public double MinScale { get; init; } = 0.14;

    public double MaxScale { get; init; } = 1;

    public IEnumerable<SettingsProblem> Problems()
    {
        if (MinScale > MaxScale)
            yield return new("min_scale", $"{MinScale} is above max_scale {MaxScale}");
    }
}
