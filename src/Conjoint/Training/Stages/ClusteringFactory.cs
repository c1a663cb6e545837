using Conjoint.Training.Clustering;
using Conjoint.Training.Settings;

namespace Conjoint.Training.Stages;

/// <summary>Makes the clustering method that the settings name.</summary>
internal static class ClusteringFactory
{
    public static IClustering Create(
        StageInputs inputs, string stage, PrototypeSettings prototypes, int width, IReadOnlyList<int> assignedCrops, int samples, int rows, int stepsPerEpoch)
    {
        var clustering = inputs.Settings.Clustering;
        var counts = PrototypeCounts.For(stage, prototypes, Math.Min(samples, rows));
        return inputs.Settings.Method switch
        {
            ClusteringMethod.Swav => new SwavClustering(clustering, prototypes, counts, width, assignedCrops, stepsPerEpoch, inputs.Device, inputs.Group),
            _ => new DeepClusterClustering(
                clustering, prototypes, counts, width, assignedCrops, samples, rows, stepsPerEpoch, inputs.Seed(stage), inputs.Device, inputs.Group),
        };
    }
}
