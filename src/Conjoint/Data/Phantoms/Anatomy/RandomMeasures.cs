using System.Numerics;
using Conjoint.Data.Augmentation;

namespace Conjoint.Data.Phantoms.Anatomy;

/// <summary>Draws measures of the body.</summary>
internal static class RandomMeasures
{
    /// <summary>Uniform between two values.</summary>
    public static float Between(this RandomStream random, float lower, float upper) => (float)random.Uniform(lower, upper);

    /// <summary>Normal about a mean, held within plausible limits.</summary>
    public static float Normal(this RandomStream random, double mean, double deviation, double lowest, double highest) =>
        (float)Math.Clamp(mean + deviation * random.Normal(), lowest, highest);

    /// <summary>A direction, all equally likely.</summary>
    public static Vector3 Direction(this RandomStream random) =>
        Vector3.Normalize(new Vector3((float)random.Normal(), (float)random.Normal(), (float)random.Normal()));

    /// <summary>A seed for <see cref="Solids.ValueNoise"/>.</summary>
    public static uint NoiseSeed(this RandomStream random) => (uint)random.NextInt(int.MaxValue);
}
