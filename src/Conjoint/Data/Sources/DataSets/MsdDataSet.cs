using System.Text.Json;
using System.Text.RegularExpressions;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// A set with a <c>dataset.json</c>: the Medical Segmentation Decathlon's, which lists images and labels, or nnU-Net's, in whose
/// folders <c>imagesTr</c>, <c>labelsTr</c> and <c>imagesTs</c> names end in the number of the channel. MSD-Heart, Task02, is 20 cardiac
/// MRs with the left atrium and 10 without a mask: the paper's 30.
/// </summary>
/// <remarks>
/// Layout: http://medicaldecathlon.com and documentation/dataset_format.md of MIC-DKFZ/nnUNet. Channels are volumes of one subject; the mask
/// lies on the first.
/// </remarks>
internal sealed partial class MsdDataSet(string name) : IDataSet
{
    private const string Description = "dataset.json";
    private const string HeartTask = "Task02_Heart";

    public string Name => name;

    public DataSetFacts Facts { get; } = name == "MSD"
        ? new("a Medical Segmentation Decathlon or nnU-Net data set", "your own labelled data", "its own", "http://medicaldecathlon.com")
        : new("Medical Segmentation Decathlon, Task02 Heart", "pre-training (Universal)", "CC BY-SA 4.0", "http://medicaldecathlon.com", 30);

    private bool IsHeart => name != "MSD";

    public bool Recognises(SetFolder folder) =>
        File.Exists(Path.Combine(folder.Path, Description)) && folder.Niftis.Any()
        && IsHeart == Path.GetFileName(folder.Path).Equals(HeartTask, StringComparison.OrdinalIgnoreCase);

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        var path = folder.Named(Description) ?? throw folder.Lacks(this, Description);
        using var json = Read(path);
        var root = json.RootElement;
        var title = IsHeart ? Name : settings.Dataset is { } given && DataSets.Find(given) is null ? given : Text(root, "name") ?? Path.GetFileName(Path.GetDirectoryName(path)!);
        var modality = settings.Modality ?? ModalityOf(root);
        if (root.TryGetProperty("training", out var training) && training.ValueKind == JsonValueKind.Array && training.GetArrayLength() > 0)
            Decathlon(folder, path, root, training, title, modality, plan);
        else
            NnUnet(folder, path, title, modality, plan);
        if (plan.Cases.Count == 0 && plan.Skipped.Count == 0)
            throw folder.Lacks(this, "image that its dataset.json names, or in imagesTr/");
    }

    private void Decathlon(SetFolder folder, string path, JsonElement root, JsonElement training, string title, Modality? modality, SourcePlan plan)
    {
        foreach (var entry in training.EnumerateArray())
            Add(entry.ValueKind == JsonValueKind.Object ? Text(entry, "image") : null, entry.ValueKind == JsonValueKind.Object ? Text(entry, "label") : null, null);
        if (root.TryGetProperty("test", out var test) && test.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in test.EnumerateArray())
                Add(entry.ValueKind == JsonValueKind.String ? entry.GetString() : entry.ValueKind == JsonValueKind.Object ? Text(entry, "image") : null, null, Split.Test);
        }

        void Add(string? image, string? label, string? split)
        {
            try
            {
                if (image is null)
                    throw new InputDataException(Description, "has an entry without an image; expected {\"image\": …, \"label\": …}");
                var file = SetFolder.Listed(Path.GetDirectoryName(path)!, image);
                plan.Cases.Add(Case(folder, file, FileNames.Stem(file), title, modality) with
                {
                    Mask = label is null ? null : new FileContent(SetFolder.Listed(Path.GetDirectoryName(path)!, label)),
                    Split = split,
                });
            }
            catch (InputDataException error)
            {
                plan.Skipped.Add(new SkippedInput(image ?? folder.Show(path), $"{Description}: {error.Path} {error.Reason}", "table"));
            }
        }
    }

    private void NnUnet(SetFolder folder, string path, string title, Modality? modality, SourcePlan plan)
    {
        var here = Path.GetDirectoryName(path)!;
        var masks = folder.Files.Where(f => IsIn(here, f, "labelsTr")).ToLookup(FileNames.Stem);
        foreach (var (images, split) in new[] { ("imagesTr", (string?)null), ("imagesTs", Split.Test) })
        {
            foreach (var file in folder.Files.Where(f => IsIn(here, f, images)))
            {
                var stem = FileNames.Stem(file);
                var channel = Channel().Match(stem);
                var subject = channel.Success ? channel.Groups["case"].Value : stem;
                var isFirst = !channel.Success || channel.Groups["channel"].Value == "0000";
                var mask = isFirst && split is null ? masks[subject].FirstOrDefault() : null;
                plan.Cases.Add(Case(folder, file, subject, title, modality) with
                {
                    Mask = mask is null ? null : new FileContent(mask),
                    Channel = channel.Success ? channel.Groups["channel"].Value : null,
                    ChannelGroup = channel.Success ? folder.Show(Path.Combine(Path.GetDirectoryName(file)!, subject)) : null,
                    Split = split,
                    Warnings = isFirst && split is null && mask is null ? ["has no mask in labelsTr/"] : [],
                });
            }
        }
    }

    private CasePlan Case(SetFolder folder, string file, string subject, string title, Modality? modality) => new()
    {
        Source = folder.Show(file), Dataset = IsHeart ? Name : title, Subject = subject, Content = new FileContent(file), Modality = modality,
    };

    private static bool IsIn(string here, string file, string inner) =>
        string.Equals(Path.GetDirectoryName(file), Path.Combine(here, inner), StringComparison.OrdinalIgnoreCase);

    private Modality? ModalityOf(JsonElement root)
    {
        if (IsHeart)
            return Modality.MR;
        foreach (var key in new[] { "modality", "channel_names" })
        {
            if (root.TryGetProperty(key, out var channels) && channels.ValueKind == JsonValueKind.Object
                && Text(channels, "0") is { } word && Modalities.Parse(word) is Modality.CT or Modality.MR)
            {
                return Modalities.Parse(Text(channels, "0")!);
            }
        }

        return null;
    }

    private static JsonDocument Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var json = JsonDocument.Parse(stream);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw new InputDataException(path, "holds no JSON object; expected the description of a data set");
        }
        catch (JsonException error)
        {
            throw new InputDataException(path, $"is no JSON ({error.Message})", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputDataException(path, $"cannot be read ({error.Message})", error);
        }
    }

    private static string? Text(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    [GeneratedRegex(@"^(?<case>.+)_(?<channel>\d{4})$")]
    private static partial Regex Channel();
}
