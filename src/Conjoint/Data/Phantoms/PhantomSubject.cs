using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Anatomy;
using Conjoint.Data.Phantoms.Scanners;

namespace Conjoint.Data.Phantoms;

/// <summary>A made-up person; every examination of the same number sees the same anatomy.</summary>
internal sealed class PhantomSubject
{
    private const int MostNodules = 5;

    private PhantomSubject(string name, RandomStream random, int noduleCount)
    {
        Name = name;
        Thorax = Thorax.Draw(random, noduleCount);
        Hounsfield = HounsfieldLooks.Draw(Thorax.Build.Inspiration, random);
        BendSeed = random.NoiseSeed();
    }

    /// <summary>The subject's name, e.g. <c>thorax-003</c>.</summary>
    public string Name { get; }

    /// <summary>The anatomy.</summary>
    public Thorax Thorax { get; }

    /// <summary>The tissues' attenuation of X-rays.</summary>
    public Appearance Hounsfield { get; }

    /// <summary>The irregularity of the body.</summary>
    public uint BendSeed { get; }

    /// <summary>A patient of the chest clinic, with at least one nodule.</summary>
    public static PhantomSubject Chest(long seed, int number)
    {
        var random = RandomStream.For(seed, (long)Examination.ChestSubject, number);
        return new($"thorax-{number:000}", random, 1 + random.NextInt(MostNodules));
    }

    /// <summary>A patient of the heart clinic, with healthy lungs.</summary>
    public static PhantomSubject Cardiac(long seed, int number) =>
        new($"heart-{number:000}", RandomStream.For(seed, (long)Examination.CardiacSubject, number), noduleCount: 0);
}
