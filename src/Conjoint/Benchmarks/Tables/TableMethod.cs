using Conjoint.Training.Settings;

namespace Conjoint.Benchmarks.Tables;

/// <summary>A row of a table: a method, as the paper names it.</summary>
/// <param name="Name">The paper's name.</param>
/// <param name="Group">Its kind.</param>
/// <param name="Source">Where its weights come from; null for a method of others that isn't built here, whose published values are shown alone.</param>
/// <param name="IsOurs">Whether it is the paper's own, and is tested against the best of the others.</param>
public sealed record TableMethod(string Name, MethodGroup Group, MethodSource? Source = null, bool IsOurs = false)
{
    /// <summary>The name in cells and files: lower case, digits and dashes.</summary>
    public string Key { get; } = string.Join('-', new string([.. Name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>The methods of Tables 3 to 7. A further one is one line here, and its name in the tables that it belongs to.</summary>
public static class TableMethods
{
    private static readonly MethodSource s_full = new MethodSource.Pretraining("joint-swav", ClusteringMethod.Swav, SlicesOnly: false);

    /// <summary>Every method that is built here.</summary>
    public static IReadOnlyList<TableMethod> Built { get; } =
    [
        new("Scratch (3D)", MethodGroup.ThreeD, new MethodSource.Scratch(Volumetric: true)),
        new("3D-DeepCluster", MethodGroup.ThreeD, new MethodSource.VolumetricPretraining("deepcluster-v2-3d", ClusteringMethod.DeepClusterV2)),
        new("3D-SwAV", MethodGroup.ThreeD, new MethodSource.VolumetricPretraining("swav-3d", ClusteringMethod.Swav)),
        new("Scratch (2D)", MethodGroup.TwoD, new MethodSource.Scratch()),
        new("Scratch CNN", MethodGroup.TwoD, new MethodSource.Scratch()),
        new("Pre-trained ImageNet", MethodGroup.TwoD, new MethodSource.ImageNet()),
        new("Deep-Cluster-v2", MethodGroup.TwoD, new MethodSource.Pretraining("deepcluster-v2", ClusteringMethod.DeepClusterV2, SlicesOnly: true)),
        new("SwAV", MethodGroup.TwoD, new MethodSource.Pretraining("swav", ClusteringMethod.Swav, SlicesOnly: true)),
        new("Our (DeepCluster-v2)", MethodGroup.Joint, new MethodSource.Pretraining("joint-deepcluster-v2", ClusteringMethod.DeepClusterV2, SlicesOnly: false), IsOurs: true),
        new("Our (SwAV)", MethodGroup.Joint, s_full, IsOurs: true),
        new("W/o mask prediction", MethodGroup.Joint, new MethodSource.Pretraining("joint-swav-no-mask", ClusteringMethod.Swav, SlicesOnly: false, "masked.enabled=false")),
        new("W/o 3D clustering", MethodGroup.Joint, new MethodSource.Pretraining("joint-swav-no-volumes", ClusteringMethod.Swav, SlicesOnly: false, "volumes.enabled=false")),
        new("Full model", MethodGroup.Joint, s_full, IsOurs: true),
        new("Full model w/o multi-feature", MethodGroup.Joint, new MethodSource.Pretraining("joint-swav-last-level", ClusteringMethod.Swav, SlicesOnly: false, "slice_encoder.feature_levels=last")),
    ];

    /// <summary>The method of a name; one without a source where it isn't built here.</summary>
    internal static TableMethod Named(string name, MethodGroup group) => Built.FirstOrDefault(m => m.Name == name) ?? new TableMethod(name, group);
}
