using System.Globalization;
using System.Text;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Segmentation;
using Conjoint.Training;
using Conjoint.Training.ReportData;

namespace Conjoint.Tasks.Prediction;

/// <summary>Segments new scans with a fine-tuned model and writes masks that lie exactly over them.</summary>
public static class SegmentationPrediction
{
    /// <summary>
    /// Segments every scan and writes, into the output folder, a mask for each (NIfTI for a volume, PNG for an image; one a structure where they may overlap), a picture,
    /// and <c>predictions.json</c> and <c>predictions.csv</c> with the volume of each class; <c>skipped.jsonl</c> has what was left out.
    /// </summary>
    /// <param name="model">The folder of a finished fine-tuning run, or its weights.</param>
    /// <param name="inputs">Files, stacks of slices, or folders of either.</param>
    /// <param name="outputFolder">Made when missing.</param>
    /// <param name="settings">Everything else; null for the defaults.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="cancellation">Stops between scans; masks and tables of those that are finished stay.</param>
    /// <returns>What was found, in the order of the inputs.</returns>
    /// <exception cref="InputDataException">The model or an input can't be used. Of several scans, one that can't be read is left out.</exception>
    public static IReadOnlyList<PredictedCase> Run(
        string model, IReadOnlyList<string> inputs, string outputFolder, PredictSettings? settings = null,
        IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        settings ??= new PredictSettings();
        observer ??= SilentObserver.Instance;
        using var segmenter = Segmenter.Open(model, settings.Device);
        var prepare = Scaling.Of(segmenter.Input).Settings() with { As = settings.As, Modality = settings.Modality };
        var scans = InferenceInputs.Find(inputs, prepare, outputFolder, observer, LearnedKinds.Of(FineTunedModel.PathOf(model)));
        OutputFolder.Create(outputFolder);

        using var log = new PredictionLog<PredictedCase>(outputFolder, scans, cases => PredictionFiles.WriteTable(outputFolder, Table(cases)));
        var groups = segmenter.Channels.Count == 0 ? scans.Read().Select(scan => (IReadOnlyList<InferenceScan>)[scan]) : scans.ReadChannels(segmenter.Channels);
        foreach (var scan in groups)
        {
            cancellation.ThrowIfCancellationRequested();
            log.Add(Predict(segmenter, scan, outputFolder, settings.Overlays));
            observer.Log($"{scan[0].Source}: {Describe(log.Found[^1])} ({log.Found.Count} of {scans.Count / Math.Max(1, segmenter.Channels.Count)})");
        }

        return log.All(inputs[0]);
    }

    /// <summary>Segments a scan of one or more channels; its files are named after the first.</summary>
    private static PredictedCase Predict(Segmenter segmenter, IReadOnlyList<InferenceScan> channels, string folder, bool overlay)
    {
        var scan = channels[0];
        var mask = segmenter.Segment(scan.Scan.Slices, scan.Geometry(segmenter.Input.Size), [.. channels.Select(c => (SliceReader)c.Read)]);
        segmenter.Map.ToLabels(mask);
        mask = scan.ToOriginal(mask);
        var isLayered = segmenter.Map.IsLayered;
        IReadOnlyList<string> files = isLayered
            ? [.. segmenter.Labels.SelectMany(l => MaskFiles.Write(folder, scan, LayerOf(mask, l), FormattableString.Invariant($"_{l}")))]
            : MaskFiles.Write(folder, scan, mask);
        var voxelMl = scan.Original.HasGeometry ? Math.Abs(scan.Original.Grid!.Affine.Determinant) / 1000 : (double?)null;
        var counts = new long[ushort.MaxValue + 1];
        foreach (var value in mask)
            counts[value]++;
        long Voxels(int label) => isLayered ? counts.Index().Where(c => (c.Index & LayeredMask.Of(label)) != 0).Sum(c => c.Item) : counts[label];
        if (isLayered)
            mask = Array.ConvertAll(mask, LayeredMask.Topmost); // for the picture
        return new PredictedCase(
            scan.Id, scan.Source, scan.Scan.IsVolume ? CaseKind.Volume : CaseKind.Image, files,
            overlay ? DrawOverlay(scan, mask, folder) : null,
            [.. segmenter.Labels.Select(l => new PredictedClass(l, Voxels(l), Voxels(l) * voxelMl))],
            [.. channels.SelectMany(c => c.Warnings)]);
    }

    /// <summary>A label where a set has it, 0 elsewhere.</summary>
    private static ushort[] LayerOf(ushort[] sets, int label) => Array.ConvertAll(sets, set => (set & LayeredMask.Of(label)) != 0 ? (ushort)label : (ushort)0);

    /// <summary>The slice with the most foreground, or the middle one where there is none.</summary>
    private static string DrawOverlay(InferenceScan scan, ushort[] mask, string folder)
    {
        var original = scan.Original;
        var (height, width) = (original.Height, original.Width);
        var plane = height * width;
        var fullest = Enumerable.Range(0, original.Slices).MaxBy(n => mask.AsSpan(n * plane, plane).Length - mask.AsSpan(n * plane, plane).Count((ushort)0));
        var slice = mask.AsSpan().ContainsAnyExcept((ushort)0) ? fullest : original.Slices / 2;
        var name = $"{scan.Id}_overlay.png";
        File.WriteAllBytes(Path.Combine(folder, name), SlicePicture.WithMasks(
            original.Values.AsSpan(slice * plane, plane), [], Array.ConvertAll(mask.AsSpan(slice * plane, plane).ToArray(), v => (int)v), height, width, side: 384,
            aspect: original.SpacingMm[1] / original.SpacingMm[2]));
        return name;
    }

    private static string Table(IReadOnlyList<PredictedCase> cases)
    {
        var text = new StringBuilder("id,source,kind,label,voxels,volume_ml\n");
        foreach (var predicted in cases)
        {
            foreach (var found in predicted.Classes)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"{PredictionFiles.Quoted(predicted.Id)},{PredictionFiles.Quoted(predicted.Source)},{predicted.Kind},{found.Label},{found.Voxels},{found.VolumeMl}\n");
            }
        }

        return text.ToString();
    }

    private static string Describe(PredictedCase predicted) => string.Join(", ", predicted.Classes.Select(c => c.VolumeMl is { } volume
        ? FormattableString.Invariant($"class {c.Label} {volume:0.##} ml")
        : $"class {c.Label} {c.Voxels} voxels"));
}
