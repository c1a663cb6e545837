using Conjoint.Tasks.Prediction;

namespace Conjoint.LibrarySamples;

/// <summary>Segments a scan with a fine-tuned model; the mask is a NIfTI file on the scan's own grid.</summary>
public static class SegmentVolume
{
    public static void Run(string model, string scan, string folder, TextWriter output)
    {
        foreach (var found in SegmentationPrediction.Run(model, [scan], folder))
        {
            output.WriteLine($"{found.Source}: {string.Join(", ", found.Masks)}");
            foreach (var part in found.Classes)
                output.WriteLine($"  class {part.Label}: {part.Voxels} voxels, {part.VolumeMl:0.00} ml");
        }
    }
}
