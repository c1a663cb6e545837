using Conjoint.Nets;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>Eq. (1): from the crops of slices to unit embeddings.</summary>
/// <param name="encoder">f_intra.</param>
/// <param name="head">The projection head.</param>
/// <param name="chunks">Takes the crops through the encoder.</param>
/// <param name="scale">One scale for all stages, or the released code's: ImageNet's colours here.</param>
internal sealed class CropEmbedding(SliceEncoder encoder, ProjectionHead head, ChunkedEncoder chunks, InputScale scale)
{
    /// <summary>z = f(x) / ‖f(x)‖ for every crop; crops of one size go through the encoder together.</summary>
    /// <param name="crops">[B, 1, s, s] each; neighbours of one size are taken together.</param>
    /// <returns>By crop, [B, F], unit rows.</returns>
    public Tensor[] Embed(IReadOnlyList<Tensor> crops)
    {
        var pooled = new List<Tensor>();
        for (var first = 0; first < crops.Count;)
        {
            var size = crops[first].shape[3];
            Tensor[] alike = [.. crops.Skip(first).TakeWhile(c => c.shape[3] == size)];
            var slices = cat(alike, 0);                                                    // [crops·B, 1, s, s]
            if (scale == InputScale.Released)
                slices = ImageNetInput.Of(slices);                                         // [crops·B, 3, s, s]
            pooled.Add(chunks.Encode(slices, encoder.Pooled));                             // [crops·B, 32·base]
            first += alike.Length;
        }

        var z = head.forward(cat([.. pooled], 0));                                         // [all crops·B, F], unit rows
        return [.. z.chunk(crops.Count, 0)];
    }
}
