using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Anatomy;
using Conjoint.Data.Phantoms.Scanners;

namespace Conjoint.Data.Phantoms;

/// <summary>A made-up person; all examinations of the person see the same anatomy.</summary>
internal sealed class PhantomSubject
{
    private const int FewestNodules = 2;
    private const int MostNodules = 6;

    private readonly long _seed;
    private readonly long[] _path;

    private PhantomSubject(string clinic, long seed, Examination anatomy, string split, int number, Func<RandomStream, int> noduleCount)
    {
        Name = $"{clinic}-{split}{number:00}";
        _seed = seed;
        _path = [(long)anatomy, SplitNumber(split), number];
        var random = Stream(anatomy);
        Thorax = Thorax.Draw(random, noduleCount(random));
        Hounsfield = HounsfieldLooks.Draw(Thorax.Build.Inspiration, random);
        BendSeed = random.NoiseSeed();
    }

    /// <summary>The subject's name, e.g. <c>thorax-test03</c>.</summary>
    public string Name { get; }

    /// <summary>The anatomy.</summary>
    public Thorax Thorax { get; }

    /// <summary>The tissues' attenuation of X-rays.</summary>
    public Appearance Hounsfield { get; }

    /// <summary>The irregularity of the body.</summary>
    public uint BendSeed { get; }

    /// <summary>A patient of the chest clinic, with two to six nodules.</summary>
    public static PhantomSubject Chest(long seed, string split, int number) =>
        new("thorax", seed, Examination.ChestAnatomy, split, number, random => FewestNodules + random.NextInt(MostNodules - FewestNodules + 1));

    /// <summary>A patient of the heart clinic, with healthy lungs.</summary>
    public static PhantomSubject Cardiac(long seed, string split, int number) =>
        new("heart", seed, Examination.CardiacAnatomy, split, number, _ => 0);

    /// <summary>The subject's own stream for one examination, so that no draw of one shifts those of another.</summary>
    public RandomStream Stream(Examination examination) => RandomStream.For(_seed, [.. _path, (long)examination]);

    private static int SplitNumber(string split) => split switch
    {
        "train" => 0,
        "val" => 1,
        "test" => 2,
        _ => throw new ArgumentException($"'{split}' is no split; it must be train, val or test.", nameof(split)),
    };
}
