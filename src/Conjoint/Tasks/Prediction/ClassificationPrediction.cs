using System.Globalization;
using System.Text;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks.Classification;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training;

namespace Conjoint.Tasks.Prediction;

/// <summary>Classifies new scans with a fine-tuned model.</summary>
public static class ClassificationPrediction
{
    /// <summary>
    /// Classifies every scan by all its slices and writes <c>predictions.json</c> and <c>predictions.csv</c>, with a probability for each
    /// class, and <c>skipped.jsonl</c>, with what was left out, into the output folder.
    /// </summary>
    /// <param name="model">The folder of a finished fine-tuning run, or its weights.</param>
    /// <param name="inputs">Files, stacks of slices, or folders of either.</param>
    /// <param name="outputFolder">Made when missing.</param>
    /// <param name="settings">Everything else; null for the defaults.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="cancellation">Stops between scans; the tables have what is finished then.</param>
    /// <returns>The classes, in the order of the inputs.</returns>
    /// <exception cref="InputDataException">The model or an input can't be used. Of several scans, one that can't be read is left out.</exception>
    public static IReadOnlyList<ClassifiedScan> Run(
        string model, IReadOnlyList<string> inputs, string outputFolder, PredictSettings? settings = null,
        IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        settings ??= new PredictSettings();
        observer ??= SilentObserver.Instance;
        using var classifier = Classifier.Open(model, settings.Device);
        if (classifier.Settings.CubeMm is { } edge)
            throw new InputDataException(model, FormattableString.Invariant($"classifies cubes of {edge} mm around candidates, not whole scans; expected 'conjoint evaluate' with a store that has candidates."));
        var prepare = Scaling.Of(classifier.Input).Settings() with { As = settings.As, Modality = settings.Modality };
        var scans = InferenceInputs.Find(inputs, prepare, outputFolder, observer, LearnedKinds.Of(FineTunedModel.PathOf(model)));
        OutputFolder.Create(outputFolder);

        using var log = new PredictionLog<ClassifiedScan>(outputFolder, scans, found => PredictionFiles.WriteTable(outputFolder, Table(found, classifier.Classes)));
        foreach (var scan in scans.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var probabilities = classifier.Classify(scan.Scan.Slices, scan.Geometry(classifier.Input.Size), scan.Read);
            var likeliest = ClassifiedCase.Likeliest(probabilities);
            log.Add(new ClassifiedScan(
                scan.Id, scan.Source, scan.Scan.IsVolume ? CaseKind.Volume : CaseKind.Image, classifier.Classes[likeliest],
                [.. classifier.Classes.Zip(probabilities, (name, p) => new ClassProbability(name, p))], scan.Warnings));
            observer.Log(FormattableString.Invariant($"{scan.Source}: class {log.Found[^1].Predicted} with {probabilities[likeliest]:0.000} ({log.Found.Count} of {scans.Count})"));
        }

        return log.All(inputs[0]);
    }

    /// <summary>A row a scan, a column a class.</summary>
    private static string Table(IReadOnlyList<ClassifiedScan> scans, IReadOnlyList<string> classes)
    {
        var text = new StringBuilder("id,source,kind,predicted");
        foreach (var name in classes)
            text.Append(',').Append(PredictionFiles.Quoted($"probability_{name}"));
        text.Append('\n');
        foreach (var scan in scans)
        {
            text.Append(CultureInfo.InvariantCulture, $"{PredictionFiles.Quoted(scan.Id)},{PredictionFiles.Quoted(scan.Source)},{scan.Kind},{PredictionFiles.Quoted(scan.Predicted)}");
            foreach (var (_, probability) in scan.Probabilities)
                text.Append(CultureInfo.InvariantCulture, $",{probability:R}");
            text.Append('\n');
        }

        return text.ToString();
    }
}
