using Conjoint.Data.Phantoms;
using Conjoint.Training.Settings;

namespace Conjoint.Benchmarks;

/// <summary>What the demo does; everything else is fixed so that two demos can be compared.</summary>
public sealed record DemoSettings
{
    /// <summary>How embeddings are clustered.</summary>
    public ClusteringMethod Method { get; init; } = ClusteringMethod.Swav;

    /// <summary>Decides phantoms, pre-training and fine-tuning alike.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Fine-tuning runs of each arm, with seeds from 0.</summary>
    public int Runs { get; init; } = 3;

    /// <summary>Labelled subjects that a fine-tuning run learns from.</summary>
    public int LabelledSubjects { get; init; } = 3;

    /// <summary>Optimiser steps of a fine-tuning run, the same in both arms.</summary>
    public int FineTuneSteps { get; init; } = 200;

    /// <summary>Learning rate of every fine-tuning run, the same in both arms.</summary>
    public double FineTuneRate { get; init; } = 0.02;

    /// <summary>Slices in a batch of fine-tuning.</summary>
    public int FineTuneBatch { get; init; } = 16;

    /// <summary>Side of the slices that are segmented, in pixels.</summary>
    public int FineTuneSize { get; init; } = 48;

    /// <summary>The phantoms; their seed is <see cref="Seed"/>.</summary>
    public PhantomSettings Phantoms { get; init; } = new();
}
