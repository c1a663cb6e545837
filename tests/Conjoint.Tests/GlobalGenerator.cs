namespace Conjoint.Tests;

/// <summary>
/// Tests of equal bits: libtorch has one random generator for the whole process, so nothing else may run beside them.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class GlobalGenerator
{
    public const string Name = "global random generator";
}
