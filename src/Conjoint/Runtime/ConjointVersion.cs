using System.Reflection;

namespace Conjoint.Runtime;

/// <summary>Which Conjoint this is.</summary>
public static class ConjointVersion
{
    /// <summary>The version, such as <c>0.1.0</c>, without the commit that a build may append.</summary>
    public static string Current { get; } =
        typeof(ConjointVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The commit that the program was built from, where the build knew it.</summary>
    public static string? Commit { get; } =
        typeof(ConjointVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+') is [_, var commit] ? commit : null;
}
