using ArchUnitNET.Domain;

namespace Conjoint.Tests.Architecture;

/// <summary>Imports point down: a type may use its own layer's namespace and those of the layers below, and no sibling's.</summary>
internal sealed class LayerRule(string root)
{
    /// <summary>From the bottom; names on one line are siblings.</summary>
    private static readonly string[][] s_layers =
    [
        ["Imaging"],
        ["Runtime"],
        ["Data", "Objectives", "Nets"],
        ["Training"],
        ["Tasks"],
        ["Reporting", "Benchmarks"],
    ];

    /// <summary>Every import that points up or sideways, as "Origin uses Target", sorted.</summary>
    public IReadOnlyList<string> Violations(ArchUnitNET.Domain.Architecture architecture) =>
    [
        .. architecture.Types
            .SelectMany(type => type.Dependencies)
            .Where(d => LayerOf(d.Origin) is { } origin && LayerOf(d.Target) is { } target && origin != target && HeightOf(target) >= HeightOf(origin))
            .Select(d => $"{d.Origin.FullName} uses {d.Target.FullName}")
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The layer that a type lives in; null outside of all.</summary>
    public string? LayerOf(IType type)
    {
        var space = type.Namespace?.FullName ?? "";
        // ArchUnitNET gives arrays of a generic parameter, T[], the namespace of whoever used them first: they belong to nobody.
        if (!type.FullName.StartsWith(space, StringComparison.Ordinal))
            return null;
        return s_layers.SelectMany(l => l).FirstOrDefault(l => space == $"{root}.{l}" || space.StartsWith($"{root}.{l}.", StringComparison.Ordinal));
    }

    private static int HeightOf(string layer) => Array.FindIndex(s_layers, l => l.Contains(layer));
}
