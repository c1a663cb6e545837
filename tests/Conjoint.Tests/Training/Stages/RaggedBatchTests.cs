using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Nets;
using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Training.Settings;
using Conjoint.Training.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Stages;

/// <summary>
/// A batch whose volumes have different numbers of slices, padded, against each volume alone, without padding: the whole way from slices
/// to loss and back.
/// </summary>
[Collection(GlobalGenerator.Name)]
public sealed class RaggedBatchTests : IDisposable
{
    private static readonly long[] s_lengths = [5, 1, 3, 8];

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(CodeAssignment.PerCrop)]
    [InlineData(CodeAssignment.Joint)]
    public void In_stage_volumes_padding_changes_neither_loss_nor_gradients(CodeAssignment codes)
    {
        using var stages = new MadeUpStages(ClusteringMethod.Swav, s => s with { Clustering = s.Clustering with { Codes = codes } });
        using var stage = stages.Volumes();
        using var batch = stages.VolumeBatch(s_lengths);
        var padded = MadeUpStages.Learn(stage, batch);

        var encoder = (SliceEncoder)stage.Nets[0].Net;
        var inter = (VolumeEncoder)stage.Nets[1].Net;
        var prototypes = (Prototypes)stage.Nets[2].Net;
        var scores = batch.Views.Select(view => Alone(view).Select(slices => inter.Encode(encoder.forward(slices).unsqueeze(0), [slices.shape[0]]).Embedding))
            .Select(view => (IReadOnlyList<Tensor>)prototypes.forward(cat([.. view], 0))).ToList();
        var objective = new SwappedPrediction(new SwavSettings { Codes = codes }, SingleProcess.Instance);
        MadeUpStages.AssertSame(Gradients(stage, objective.Loss(scores).Loss), padded, 1e-9);
    }

    [Fact]
    public void In_stage_masked_padding_changes_neither_loss_nor_gradients()
    {
        using var stages = new MadeUpStages(ClusteringMethod.Swav);
        using var stage = stages.Masked();
        using var batch = stages.VolumeBatch(s_lengths);
        var padded = MadeUpStages.Learn(stage, batch);

        var encoder = (SliceEncoder)stage.Nets[0].Net;
        var model = (MaskedModel)stage.Nets[1].Net;
        // The same draw as the stage's: seed of stage masked (number 1 of 3), epoch 0, batch 0.
        long[] both = [.. s_lengths, .. s_lengths];
        var mask = MaskedEmbedding.Draw(both, stages.Settings.Masked.MaskRatio, RandomStream.For(stages.Settings.Seed * 3 + 1, 0, 0).NextInt);
        var losses = batch.Views.SelectMany(Alone).Select((slices, i) =>
        {
            Tensor features;
            using (no_grad())
                features = encoder.forward(slices).unsqueeze(0);                            // [1, N, F_in]
            var hidden = mask[i].narrow(0, 0, slices.shape[0]).unsqueeze(0);
            return MaskedEmbedding.Loss(features, model.Predict(features, [slices.shape[0]], hidden), hidden);
        });
        MadeUpStages.AssertSame(Gradients(stage, stack([.. losses]).mean()), padded, 1e-9);
    }

    [Fact]
    public void In_stage_volumes_a_volume_s_embedding_does_not_depend_on_its_neighbours()
    {
        using var stages = new MadeUpStages(ClusteringMethod.DeepClusterV2);
        using var stage = stages.Volumes();
        using var batch = stages.VolumeBatch(s_lengths);
        var together = stage.Loss(batch, new BatchPosition(0, 0, 0)).Embeddings;            // [2B, d]: both views
        var first = 0L;
        for (var b = 0; b < s_lengths.Length; b++)
        {
            var (start, length) = (first, s_lengths[b]);
            using var one = new VolumeBatch([.. batch.Views.Select(v => v.narrow(0, start, length).clone())], [length], [b]);
            var alone = stage.Loss(one, new BatchPosition(0, 0, 0)).Embeddings;             // [2, d]
            Assert.True(alone[0].allclose(together[b], rtol: 0, atol: 1e-9));
            Assert.True(alone[1].allclose(together[s_lengths.Length + b], rtol: 0, atol: 1e-9));
            first += length;
        }
    }

    /// <summary>The slices of each volume of a view.</summary>
    private static Tensor[] Alone(Tensor view) => view.split(s_lengths, 0);

    private static (double Loss, Dictionary<string, Tensor> Gradients) Gradients<TBatch>(PretrainingStage<TBatch> stage, Tensor loss)
        where TBatch : IDisposable
    {
        foreach (var (_, value) in stage.Parameters())
            value.grad = null;
        loss.backward();
        return (loss.item<double>(), stage.Parameters().Where(p => p.Value.grad is not null).ToDictionary(p => p.Name, p => p.Value.grad!.clone()));
    }
}
