namespace Conjoint.Runtime;

/// <summary>
/// The names of tensors in the checkpoints of the authors' released code, and in Conjoint's weights of a <c>released</c> model.
/// Each tensor of theirs that a model keeps is one tensor here, of the same shape.
/// </summary>
/// <remarks>
/// <para>
/// The release writes three kinds of checkpoint: the backbone of stage 1 with bare torchvision names, the masked model of stage 2,
/// and the joint model of stage 3. The last two come out of data-parallel training with <c>module.</c> before every name.
/// </para>
/// <para>Names alone, no files and no tensors: whatever reads or writes a format puts its names through here.</para>
/// </remarks>
public static class ReleasedNames
{
    /// <summary>What data-parallel training puts before every name.</summary>
    public const string ParallelPrefix = "module.";

    // Where both spellings of a part begin, by the stage whose checkpoint holds it. Order matters: deconv is a part of intra.
    private static readonly (string Stage, string Released, string Own)[] s_parts =
    [
        ("volumes", "intra.deconv.", "volume_encoder.embedding."),
        ("volumes", "intra.", "slice_encoder."),
        ("volumes", "inter.encoder.layers.", "volume_encoder.layers."),
        ("volumes", "prototypes.prototypes", "prototypes.prototypes"),
        ("masked", "encoder.encoder.layers.", "volume_encoder.layers."),
        ("masked", "mask_token", "mask_token"),
        ("masked", "decoder.", "decoder."),
        ("slices", "deconv.", "volume_encoder.embedding."),
        ("slices", "conv1.", "slice_encoder.conv1."),
        ("slices", "bn1.", "slice_encoder.bn1."),
        ("slices", "layer1.", "slice_encoder.layer1."),
        ("slices", "layer2.", "slice_encoder.layer2."),
        ("slices", "layer3.", "slice_encoder.layer3."),
        ("slices", "layer4.", "slice_encoder.layer4."),
    ];

    /// <summary>A tensor's name in Conjoint's weights; with or without <see cref="ParallelPrefix"/>, of any of the three checkpoints.</summary>
    /// <param name="released">The name in a released checkpoint.</param>
    /// <returns>The name; null for one that no released checkpoint has, a classifier's <c>fc.weight</c> for instance.</returns>
    public static string? FromReleased(string released)
    {
        ArgumentNullException.ThrowIfNull(released);
        if (released.StartsWith(ParallelPrefix, StringComparison.Ordinal))
            released = released[ParallelPrefix.Length..];
        foreach (var (_, theirs, own) in s_parts)
        {
            if (released.StartsWith(theirs, StringComparison.Ordinal))
                return own + released[theirs.Length..];
        }

        return null;
    }

    /// <summary>A tensor's name in the checkpoint that the release writes of a stage.</summary>
    /// <param name="name">The name in Conjoint's weights, such as <c>volume_encoder.layers.0.norm1.weight</c>.</param>
    /// <param name="stage"><c>slices</c>, <c>masked</c> or <c>volumes</c>.</param>
    /// <param name="parallel">
    /// Whether <see cref="ParallelPrefix"/> goes before it: as the release writes stages 2 and 3, and loads them. Stage 1 never has it.
    /// </param>
    /// <returns>The name; null for a tensor that the release does not keep: a stage-1 head, and the slice encoder and embedding in stage 2.</returns>
    /// <exception cref="ArgumentException">The stage is none of the three.</exception>
    public static string? ToReleased(string name, string stage, bool parallel = true)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!s_parts.Any(p => p.Stage == stage))
            throw new ArgumentException($"stage {stage}: the release writes checkpoints of slices, masked and volumes.", nameof(stage));
        foreach (var (_, theirs, own) in s_parts.Where(p => p.Stage == stage))
        {
            if (name.StartsWith(own, StringComparison.Ordinal))
                return (parallel && stage != "slices" ? ParallelPrefix : "") + theirs + name[own.Length..];
        }

        return null;
    }
}
