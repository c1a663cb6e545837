using System.Text.RegularExpressions;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// MOTS: seven partly labelled abdominal and chest CT sets under one roof, <c>0Liver</c> to <c>6Spleen</c>: six of the Medical
/// Segmentation Decathlon with <c>imagesTr</c> and <c>labelsTr</c>, and KiTS19 as <c>1Kidney/origin/case_NNNNN</c>.
/// </summary>
/// <remarks>
/// Layout: dataset/load_mots.sh and dataset/list/MOTS of jianpengz/DoDNet. Where its lists <c>MOTS_train.txt</c> and <c>MOTS_test.txt</c>
/// lie in the folder, they give the splits and anything else is left out. Labels mean another thing in each set, so that those of set
/// t become 2t + 1 (the first, mostly the organ) and 2t + 2 (the second, the tumour). Table 1's 936 is not the number of any of these lists.
/// </remarks>
internal sealed partial class MotsDataSet : IDataSet
{
    private static readonly string[] s_tasks = ["0Liver", "1Kidney", "2HepaticVessel", "3Pancreas", "4Colon", "5Lung", "6Spleen"];

    public string Name => "MOTS";

    public DataSetFacts Facts { get; } = new(
        "Multi-Organ and Tumour Segmentation (DoDNet)", "pre-training (Unified)",
        "CC BY-SA 4.0 (Decathlon), CC BY-NC-SA 4.0 (KiTS19)", "https://github.com/jianpengz/DoDNet", 936);

    public bool Recognises(SetFolder folder) => s_tasks.Count(t => Directory.Exists(Path.Combine(folder.Path, t))) > 1;

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        var lists = Lists(folder);
        var tasks = new HashSet<int>();
        foreach (var file in folder.Niftis)
        {
            var below = folder.Relative(file).Split('/');
            var at = Array.FindIndex(below, p => s_tasks.Contains(p, StringComparer.OrdinalIgnoreCase));
            if (at < 0 || ImageIn(below[(at + 1)..]) is not { } found)
                continue;
            var task = Array.FindIndex(s_tasks, t => t.Equals(below[at], StringComparison.OrdinalIgnoreCase));
            tasks.Add(task);
            string? split = null;
            if (lists is not null && !lists.TryGetValue(Key(below[at..]), out split) && !found.IsTest)
            {
                plan.Skipped.Add(new SkippedInput(folder.Show(file), "is in neither MOTS_train.txt nor MOTS_test.txt", "unused"));
                continue;
            }

            if (found.IsTest)
                continue;       // The Decathlon's own test scans are no part of MOTS.
            var mask = Path.Combine(Path.GetDirectoryName(file)!, found.Mask);
            var hasMask = File.Exists(mask);
            plan.Cases.Add(folder.Case(this, file, $"{s_tasks[task]}-{found.Subject}", settings, Modality.CT) with
            {
                Mask = hasMask ? new FileContent(mask) : null,
                Labels = LabelMap.Parse($"1={2 * task + 1},2={2 * task + 2}"),
                Split = split,
                Warnings = hasMask ? [] : ["has no mask"],
            });
        }

        if (tasks.Count == 0)
            throw folder.Lacks(this, $"folder {string.Join(", ", s_tasks)}");
        if (tasks.Count < s_tasks.Length)
            plan.Warnings.Add($"{Name} lacks {string.Join(", ", s_tasks.Where((_, t) => !tasks.Contains(t)))}.");
    }

    /// <summary>What an image file of a task is called; null for masks and anything else.</summary>
    private static (string Subject, string Mask, bool IsTest)? ImageIn(string[] below) => below switch
    {
        [.., var images, var file] when images.Equals("imagesTr", StringComparison.OrdinalIgnoreCase) => (FileNames.Stem(file), Path.Combine("..", "labelsTr", file), false),
        [.., var images, var file] when images.Equals("imagesTs", StringComparison.OrdinalIgnoreCase) => (FileNames.Stem(file), "", true),
        [.., var patient, var file] when KidneyCase().IsMatch(patient) && FileNames.Stem(file).Equals("imaging", StringComparison.OrdinalIgnoreCase) =>
            (patient, file.Replace("imaging", "segmentation", StringComparison.OrdinalIgnoreCase), false),
        _ => null,
    };

    /// <summary>Splits by the path of the image from its task's folder on; null without lists.</summary>
    private static Dictionary<string, string>? Lists(SetFolder folder)
    {
        var splits = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (list, split) in new[] { ("MOTS_train.txt", Split.Train), ("MOTS_test.txt", Split.Test) })
        {
            if (folder.Named(list) is not { } path)
                continue;
            foreach (var line in SetFolder.Lines(path))
            {
                var image = TablePaths.Relative(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0]).Split('/');
                var at = Array.FindIndex(image, p => s_tasks.Contains(p, StringComparer.OrdinalIgnoreCase));
                if (at < 0)
                    throw new InputDataException(path, $"names '{string.Join('/', image)}', which is in none of {string.Join(", ", s_tasks)}");
                splits[Key(image[at..])] = split;
            }
        }

        return splits.Count == 0 ? null : splits;
    }

    private static string Key(string[] parts) => string.Join('/', parts).ToUpperInvariant();

    [GeneratedRegex(@"^case_\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex KidneyCase();
}
