using Conjoint.Training.Settings;

namespace Conjoint.Benchmarks.Tables;

/// <summary>Where the weights that a method starts its fine-tuning with come from.</summary>
public abstract record MethodSource
{
    /// <summary>Whether its nets have 3D convolutions.</summary>
    public virtual bool IsVolumetric => false;

    /// <summary>Random weights.</summary>
    /// <param name="Volumetric">Of nets of 3D convolutions.</param>
    public sealed record Scratch(bool Volumetric = false) : MethodSource
    {
        /// <inheritdoc/>
        public override bool IsVolumetric => Volumetric;
    }

    /// <summary>A file of supervised ImageNet weights that the user gives.</summary>
    public sealed record ImageNet : MethodSource;

    /// <summary>A pre-training of ours.</summary>
    /// <param name="Recipe">Its name, unique among recipes: methods with one recipe share one pre-training.</param>
    /// <param name="Method">The clustering.</param>
    /// <param name="SlicesOnly">Whether it ends after stage <c>slices</c>: the plain 2D method.</param>
    /// <param name="Overrides">Settings that make the recipe, such as <c>masked.enabled=false</c>.</param>
    public sealed record Pretraining(string Recipe, ClusteringMethod Method, bool SlicesOnly, params IReadOnlyList<string> Overrides) : MethodSource;

    /// <summary>A pre-training of a net of 3D convolutions, by stage <c>volumes-3d</c> alone.</summary>
    /// <param name="Recipe">Its name, unique among recipes.</param>
    /// <param name="Method">The clustering.</param>
    public sealed record VolumetricPretraining(string Recipe, ClusteringMethod Method) : MethodSource
    {
        /// <inheritdoc/>
        public override bool IsVolumetric => true;
    }
}
