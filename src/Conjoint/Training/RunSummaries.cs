using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training.ReportData;
using static TorchSharp.torch;

namespace Conjoint.Training;

/// <summary>What the report says a pre-training was, and on what.</summary>
internal static class RunSummaries
{
    public static void Write(RunFolder folder, PretrainRequest request, PretrainingData data, Device device)
    {
        var settings = request.Settings;
        ReportFiles.Write(folder, new RunSummary
        {
            Title = "Pre-training",
            Command = request.Command,
            Seed = settings.Seed,
            Versions = new Dictionary<string, string>
            {
                ["Conjoint"] = ConjointVersion.Current,
                [".NET"] = Environment.Version.ToString(),
                ["libtorch"] = NativeBoot.Origin?.Version ?? "unknown",
            },
            Facts = new Dictionary<string, string>
            {
                ["preset"] = settings.Preset,
                ["method"] = SettingsNames.Of(settings.Method),
                ["device"] = device.ToString(),
                ["precision"] = SettingsNames.Of(request.Precision),
                ["threads"] = FormattableString.Invariant($"{get_num_threads()}"),
            },
        });
        ReportFiles.Write(folder, new ReportData.DataSummary
        {
            DataSets =
            [
                .. data.Stores.SelectMany(s => s.Cases).GroupBy(c => c.Dataset).Select(g => new DataSetSummary
                {
                    Name = g.Key,
                    Modality = string.Join(", ", g.Select(c => c.Modality.ToString()).Distinct()),
                    Subjects = g.Select(c => c.Subject).Distinct().Count(),
                    Volumes = g.Count(c => c.Kind == CaseKind.Volume),
                    Images = g.Count(c => c.Kind == CaseKind.Image),
                    Slices = g.Sum(c => (long)c.Slices),
                    Train = g.Count(c => c.Split == Split.Train),
                    Validation = g.Count(c => c.Split == Split.Validation),
                    Test = g.Count(c => c.Split == Split.Test),
                }),
            ],
        });
    }
}
