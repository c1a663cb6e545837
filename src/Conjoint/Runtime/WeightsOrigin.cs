namespace Conjoint.Runtime;

/// <summary>What wrote a file without Conjoint's card, as far as the names of its tensors tell.</summary>
internal static class WeightsOrigin
{
    /// <summary>A few words for it; null where the names are none that are known.</summary>
    /// <param name="names">The names of the file's tensors.</param>
    public static string? Of(IEnumerable<string> names)
    {
        var bare = names.Select(WithoutParallel).ToList();
        bool Has(string prefix) => bare.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));
        bool HasPart(string part) => bare.Any(name => name.Contains(part, StringComparison.Ordinal));

        // From the most telling names to the least: a joint checkpoint has a ResNet's names in it too.
        if (Has("intra.deconv.") && Has("inter.encoder.layers."))
            return "the authors' released code: its joint model, stage 3";
        if (Has("mask_token") && Has("encoder.encoder.layers."))
            return "the authors' released code: its masked model, stage 2";
        if (Has("deconv.") && Has("layer4."))
            return "the authors' released code: its backbone, stage 1";
        if (!HasPart("layer4.") || !HasPart("conv1.weight"))
            return null;
        return Has("encoder_q.") ? "MoCo: a ResNet"
            : HasPart("_feature_blocks.") ? "VISSL: a ResNet"
            : Has("projection_head.") || Has("prototypes.") ? "SwAV or DeepCluster-v2: a ResNet with its head"
            : Has("encoder.") && Has("decoder.") ? "segmentation_models_pytorch: a U-Net on a ResNet"
            : "names of torchvision's ResNet";
    }

    /// <summary>A name without what data-parallel training puts before it.</summary>
    public static string WithoutParallel(string name) =>
        name.StartsWith(ReleasedNames.ParallelPrefix, StringComparison.Ordinal) ? name[ReleasedNames.ParallelPrefix.Length..] : name;
}
