using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks.Detection;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training;

namespace Conjoint.Tasks.Prediction;

/// <summary>Finds boxes on new images with a fine-tuned model.</summary>
public static class DetectionPrediction
{
    private const int OverlaySide = 1024;

    /// <summary>
    /// Looks for boxes on every image and writes <c>detections.json</c> (COCO's format), <c>predictions.json</c>, <c>predictions.csv</c> with a row a box,
    /// and a picture of each image with its boxes into the output folder; <c>skipped.jsonl</c> has what was left out.
    /// </summary>
    /// <param name="model">The folder of a finished fine-tuning run, or its weights.</param>
    /// <param name="inputs">Image files, or folders of them. Of a volume, each slice is an image of its own.</param>
    /// <param name="outputFolder">Made when missing.</param>
    /// <param name="settings">Everything else; null for the defaults.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="cancellation">Stops between images; the tables have what is finished then.</param>
    /// <returns>The images, in the order of the inputs.</returns>
    /// <exception cref="InputDataException">The model or an input can't be used. Of several scans, one that can't be read is left out.</exception>
    public static IReadOnlyList<DetectedScan> Run(
        string model, IReadOnlyList<string> inputs, string outputFolder, PredictSettings? settings = null,
        IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        settings ??= new PredictSettings();
        observer ??= SilentObserver.Instance;
        using var detector = BoxDetector.Open(model);
        var prepare = Scaling.Of(detector.Input).Settings() with { As = settings.As, Modality = settings.Modality };
        var scans = InferenceInputs.Find(inputs, prepare, outputFolder, observer, LearnedKinds.Of(FineTunedModel.PathOf(model)));
        OutputFolder.Create(outputFolder);
        OutputFolder.Create(Path.Combine(outputFolder, "overlays"));

        using var log = new PredictionLog<DetectedScan>(outputFolder, scans, found =>
        {
            AtomicFile.WriteText(Path.Combine(outputFolder, "detections.json"), CocoDetections.Text(found, detector.Classes));
            PredictionFiles.WriteTable(outputFolder, Table(found));
        });
        foreach (var scan in scans.Read())
        {
            for (var slice = 0; slice < scan.Scan.Slices; slice++)
            {
                cancellation.ThrowIfCancellationRequested();
                var boxes = detector.Detect(slice, scan.Geometry(detector.Input.Size), scan.Read);
                var id = scan.Scan.IsVolume ? FormattableString.Invariant($"{scan.Id}-slice{slice:000}") : scan.Id;
                var overlay = Path.Combine("overlays", id + ".png");
                var values = new float[scan.Scan.Height * scan.Scan.Width];
                scan.Read(slice, 1, values);
                var picture = DetectionPicture.Of(values, scan.Scan.Height, scan.Scan.Width, scan.Scan.SpacingMm[1] / scan.Scan.SpacingMm[2], [], boxes, detector.Classes, OverlaySide);
                AtomicFile.Write(Path.Combine(outputFolder, overlay), stream => stream.Write(picture));
                log.Add(new DetectedScan(id, scan.Source, scan.Scan.IsVolume ? slice : null, scan.Scan.Height, scan.Scan.Width, boxes, overlay.Replace('\\', '/'), scan.Warnings));
                observer.Log($"{scan.Source}: {boxes.Count} found ({log.Found.Count})");
            }
        }

        return log.All(inputs[0]);
    }

    /// <summary>A row a box.</summary>
    private static string Table(IReadOnlyList<DetectedScan> scans)
    {
        var text = new StringBuilder("id,source,slice,class,x1,y1,x2,y2,score\n");
        foreach (var scan in scans)
        {
            foreach (var box in scan.Boxes)
                text.Append(CultureInfo.InvariantCulture, $"{PredictionFiles.Quoted(scan.Id)},{PredictionFiles.Quoted(scan.Source)},{scan.Slice},{PredictionFiles.Quoted(box.Class)},{box.X1:R},{box.Y1:R},{box.X2:R},{box.Y2:R},{box.Score:R}\n");
        }

        return text.ToString();
    }
}

/// <summary>The boxes found on one image.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Source">The file or folder, beginning with the name of what the user named.</param>
/// <param name="Slice">The slice of a volume, from 0; null for an image.</param>
/// <param name="Height">Rows of the image.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Boxes">In pixels of the image, by falling score.</param>
/// <param name="Overlay">The picture with the boxes, in the output folder.</param>
/// <param name="Warnings">What a reader should know, one sentence each.</param>
public sealed record DetectedScan(
    string Id, string Source, int? Slice, int Height, int Width, IReadOnlyList<FoundBox> Boxes, string Overlay, IReadOnlyList<string> Warnings);

/// <summary>Detections as one file in COCO's format: images, categories, and an annotation a box, with its score.</summary>
/// <remarks>Source: the data format of cocodataset.org; <c>bbox</c> is [x, y, width, height], numbers of images and categories begin with 1.</remarks>
internal static class CocoDetections
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true, NewLine = "\n",
    };

    public static string Text(IReadOnlyList<DetectedScan> scans, IReadOnlyList<string> classes)
    {
        var boxes = scans.Index().SelectMany(s => s.Item.Boxes.Select(b => (Image: s.Index + 1, Box: b))).ToList();
        return JsonSerializer.Serialize(
            new File(
                [.. scans.Index().Select(s => new Image(s.Index + 1, s.Item.Source, s.Item.Width, s.Item.Height))],
                [.. classes.Index().Select(c => new Category(c.Index + 1, c.Item))],
                [.. boxes.Index().Select(b => Of(b.Index + 1, b.Item.Image, b.Item.Box, classes))]),
            s_json) + "\n";
    }

    private static Annotation Of(int id, int image, FoundBox box, IReadOnlyList<string> classes)
    {
        var (width, height) = (box.X2 - box.X1, box.Y2 - box.Y1);
        return new Annotation(id, image, 1 + classes.Index().First(c => c.Item == box.Class).Index, [box.X1, box.Y1, width, height], width * height, box.Score, 0);
    }

    private sealed record File(IReadOnlyList<Image> Images, IReadOnlyList<Category> Categories, IReadOnlyList<Annotation> Annotations);

    private sealed record Image(int Id, string FileName, int Width, int Height);

    private sealed record Category(int Id, string Name);

    private sealed record Annotation(int Id, int ImageId, int CategoryId, IReadOnlyList<double> Bbox, double Area, double Score, [property: JsonPropertyName("iscrowd")] int IsCrowd);
}
