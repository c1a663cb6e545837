using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Tasks;

/// <summary>The kinds of scans that a model has learned from, as far as its card says: one of another kind still gets an answer, which may mean nothing.</summary>
/// <param name="data">What the training saw; empty where nobody has said.</param>
internal sealed class LearnedKinds(IReadOnlyList<DataSummary> data)
{
    /// <summary>Those of a fine-tuned model.</summary>
    /// <param name="path">Its weights.</param>
    public static LearnedKinds Of(string path) => new(WeightsFile.ReadCard(path).Data);

    /// <summary>What is unlike a scan in all that was learned from; null when nothing is known to be.</summary>
    public string? Surprise(bool isVolume, Modality? modality)
    {
        if (data.Count == 0)
            return null;
        if (isVolume && data.All(d => d.Volumes == 0))
            return "is a volume; the model has learned from images alone";
        if (!isVolume && data.All(d => d.Images == 0))
            return "is an image; the model has learned from volumes alone";
        string[] seen = [.. data.Select(d => d.Modality).Distinct()];
        return modality is { } known && known != Modality.Unknown && !seen.Contains(nameof(Modality.Unknown)) && !seen.Contains(known.ToString())
            ? $"is {known}; the model has learned from {string.Join(" and ", seen)} alone"
            : null;
    }
}
