using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Training.Clustering;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>
/// The 2D term of stage <c>volumes</c>: Eq. (5) on crops of single slices of the batch's volumes, as stage <c>slices</c> makes them. A sample
/// is a part of a volume; see the decision on the 2D term for why not the slices of the two volume views.
/// </summary>
internal sealed class SliceTerm : IDisposable
{
    private const string HeadName = "head", PrototypesName = "slice_prototypes", PrototypesOfSlices = "prototypes";

    private readonly ProjectionHead _head;
    private readonly CropEmbedding _embedding;

    /// <param name="inputs">What the stage is built from.</param>
    /// <param name="encoder">f_intra, the stage's.</param>
    /// <param name="chunks">Takes slices through it, the stage's.</param>
    /// <param name="stepsPerEpoch">Steps in an epoch of the stage.</param>
    public SliceTerm(StageInputs inputs, SliceEncoder encoder, ChunkedEncoder chunks, int stepsPerEpoch)
    {
        var (slices, volumes) = (inputs.Settings.Slices, inputs.Settings.Volumes);
        (Weight, SlicesPerVolume) = (volumes.SliceTerm.Weight, volumes.SliceTerm.SlicesPerVolume);
        _head = new ProjectionHead(encoder.PooledWidth, slices.HeadHiddenWidth, slices.EmbeddingWidth, slices.HeadBatchNorm);
        _head.to(inputs.Device);
        _embedding = new CropEmbedding(encoder, _head, chunks, InputScale.One);
        Clustering = ClusteringFactory.Create(
            inputs, StageName.Slices, slices.Prototypes, slices.EmbeddingWidth, slices.AssignedCrops, inputs.Volumes.Count * SlicesPerVolume,
            stepsPerEpoch * volumes.Batch * SlicesPerVolume, stepsPerEpoch);
    }

    /// <summary>Its weight beside Eq. (12).</summary>
    public double Weight { get; }

    /// <summary>Slices that each volume gives.</summary>
    public int SlicesPerVolume { get; }

    /// <summary>Codes or assignments of slices.</summary>
    public IClustering Clustering { get; }

    /// <summary>The nets beside the encoder: projection head and slice prototypes.</summary>
    public IReadOnlyList<(string Name, nn.Module Net)> Nets => [(HeadName, _head), (PrototypesName, Clustering.Prototypes)];

    /// <summary>Eq. (1): by crop, [B·slices, F], unit rows.</summary>
    public Tensor[] Embed(VolumeBatch batch) => _embedding.Embed(batch.SliceCrops);

    /// <summary>Takes up head and prototypes of stage <c>slices</c>, or of an earlier run of this one.</summary>
    /// <returns>Whether the file has them in these shapes; if not, nothing is changed.</returns>
    /// <exception cref="Conjoint.Imaging.InputDataException">The file can't be read.</exception>
    public bool TakeUp(string path)
    {
        using var file = Safetensors.Read(path);
        var prototypes = file.Tensors.Keys.Any(name => name.StartsWith(PrototypesName + ".", StringComparison.Ordinal)) ? PrototypesName : PrototypesOfSlices;
        (nn.Module Net, string Prefix)[] nets = [(_head, HeadName + "."), (Clustering.Prototypes, prototypes + ".")];
        using var scope = NewDisposeScope();
        if (!nets.All(n => n.Net.state_dict().All(own => file.Tensors.TryGetValue(n.Prefix + own.Key, out var saved) && saved.shape.AsSpan().SequenceEqual(own.Value.shape))))
            return false;
        foreach (var (net, prefix) in nets)
            NamedNets.Load(net, prefix, file.Tensors);
        return true;
    }

    /// <summary>Frees what is no net: the nets are the stage's.</summary>
    public void Dispose() => Clustering.Dispose();
}
