using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Training.ReportData;
using Conjoint.Training.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Training;

/// <summary>What a finished pre-training shows of itself: the slices nearest to each prototype, and where data sets lie.</summary>
internal static class PretrainingPictures
{
    // Enough for a picture, few enough to take seconds.
    private const int Samples = 400, Shown = 8, Neighbours = 6, Batch = 64;
    private const long SampleStream = -2;

    public static void Write(RunFolder folder, PretrainSettings settings, PretrainingData data, Device device, IReadOnlyList<string> stages)
    {
        if (stages.Contains(StageName.Volumes3d))
            return;                                     // these are pictures of slices, which its net doesn't take
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var samples = data.Slices.Draw(Samples, RandomStream.For(settings.Seed, SampleStream));
        var size = settings.Slices.Views.Crops[0].Size;
        var pictures = Read(samples, settings, size);                                               // [n, 1, S, S]

        if (stages.Contains(StageName.Slices))
            WriteNeighbours(folder, settings, samples, Scaled(pictures, settings, StageName.Slices), device);
        WriteMap(folder, settings, samples, Scaled(pictures, settings, stages[^1]), device, stages[^1]);
    }

    private static void WriteNeighbours(RunFolder folder, PretrainSettings settings, SliceSamples samples, Tensor pictures, Device device)
    {
        using var file = WeightsFile.Read(folder.StageWeights(StageName.Slices));
        using var encoder = new SliceEncoder(settings.SliceEncoder);
        using var head = new ProjectionHead(encoder.PooledWidth, settings.Slices.HeadHiddenWidth, settings.Slices.EmbeddingWidth, settings.Slices.HeadBatchNorm);
        foreach (var (net, prefix) in new (nn.Module, string)[] { (encoder, "slice_encoder."), (head, "head.") })
        {
            NamedNets.Load(net, prefix, file.Tensors);
            net.to(device);
            net.eval();
        }

        var z = Embed(pictures, device, x => head.forward(encoder.Pooled(x)));                           // [n, F], unit rows
        var c = nn.functional.normalize(file.Tensors["prototypes.prototypes0.weight"], dim: 1);                   // [K, F]
        var similarity = mm(z, c.t());                                                                            // [n, K]
        var nearest = similarity.argmax(1).data<long>().ToArray();
        var shares = nearest.GroupBy(k => k).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Take(Shown);
        ReportFiles.Write(folder, new PrototypeNeighbours
        {
            Stage = StageName.Slices,
            Total = (int)c.shape[0],
            Prototypes = [.. shares.Select(g => Prototype((int)g.Key, (double)g.Count() / nearest.Length))],
        });

        PrototypeNeighbours.Prototype Prototype(int k, double share)
        {
            var column = similarity.select(1, k).data<float>().ToArray();
            var order = Enumerable.Range(0, column.Length).OrderByDescending(i => column[i]).ThenBy(i => i).Take(Neighbours);
            return new PrototypeNeighbours.Prototype(k, share, [.. order.Select(i => Neighbour(samples[i], column[i]))]);
        }
    }

    private static PrototypeNeighbours.Neighbour Neighbour(SliceSample sample, double similarity)
    {
        var slice = new float[sample.Case.Height * sample.Case.Width];
        sample.Store.ReadSlices(sample.Case, sample.Slice, 1, slice);
        var png = SlicePicture.Grey(slice, sample.Case.Height, sample.Case.Width, aspect: sample.Case.SpacingMm[1] / sample.Case.SpacingMm[2]);
        return new PrototypeNeighbours.Neighbour(sample.Case.Dataset, similarity, png);
    }

    /// <summary>The multi-level features of the last stage's slice encoder on the plane of their first two principal components.</summary>
    private static void WriteMap(RunFolder folder, PretrainSettings settings, SliceSamples samples, Tensor pictures, Device device, string stage)
    {
        using var encoder = new SliceEncoder(settings.SliceEncoder);
        encoder.to(device);
        StageWeights.Load(folder.StageWeights(stage), encoder, null);
        encoder.eval();
        var features = Embed(pictures, device, encoder.forward);                                    // [n, F_in]
        var plane = PrincipalPlane.Of(features.contiguous().data<float>().ToArray(), samples.Count);
        ReportFiles.Write(folder, new EmbeddingMap
        {
            Level = StageName.Slices,
            Explained = plane.Explained,
            Points = [.. plane.Points.Select((p, i) => new EmbeddingMap.Point(p.X, p.Y, samples[i].Case.Dataset))],
        });
    }

    private static Tensor Read(SliceSamples samples, PretrainSettings settings, int size)
    {
        var normalisation = settings.Input.Scale == InputScale.One ? new PixelNormalisation(settings.Input.Mean, settings.Input.Std) : null;
        var values = new float[(long)samples.Count * size * size];
        for (var i = 0; i < samples.Count; i++)
        {
            var sample = samples[i];
            VolumeReader.Read(sample.Store, sample.Case, size, sample.Slice, 1, values.AsSpan(i * size * size, size * size), normalisation);
        }

        return tensor(values, [samples.Count, 1, size, size]);
    }

    /// <summary>As the stage saw its slices.</summary>
    private static Tensor Scaled(Tensor pictures, PretrainSettings settings, string stage) =>
        settings.Input.Scale == InputScale.Released && stage == StageName.Slices ? ImageNetInput.Of(pictures) : pictures;

    private static Tensor Embed(Tensor pictures, Device device, Func<Tensor, Tensor> embed)
    {
        using var scope = NewDisposeScope();
        return cat([.. pictures.split(Batch, 0).Select(part => embed(part.to(device)).cpu())], 0).MoveToOuterDisposeScope();
    }
}
