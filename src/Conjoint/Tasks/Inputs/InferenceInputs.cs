using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Training;

namespace Conjoint.Tasks;

/// <summary>
/// Files and folders for inference: found, read and scaled by the code that prepares stores, so that a net sees what it learned from.
/// </summary>
internal sealed class InferenceInputs
{
    private const string Channel = "channel";

    private readonly PrepareSettings _settings;
    private readonly CasePlan[] _plans;
    private readonly string[] _ids;
    private readonly ArchiveCache _archives;
    private readonly IRunObserver _observer;
    private readonly LearnedKinds? _learned;
    private readonly List<SkippedInput> _skipped = [];

    private InferenceInputs(PrepareSettings settings, CasePlan[] plans, IRunObserver observer, LearnedKinds? learned)
    {
        (_settings, _plans, _observer, _learned) = (settings, plans, observer, learned);
        _ids = CaseIds.For([.. plans.Select(p => p.Source)]);
        _archives = new ArchiveCache(plans);
    }

    /// <summary>How many scans there are.</summary>
    public int Count => _plans.Length;

    /// <summary>What has been left out so far, each told to the observer as well.</summary>
    public IReadOnlyList<SkippedInput> Skipped => _skipped;

    /// <summary>Finds the scans that paths stand for; nothing is read yet.</summary>
    /// <param name="paths">Files, stacks of slices, or folders of either.</param>
    /// <param name="settings">Window, percentiles, modality, and what plain images are.</param>
    /// <param name="outputFolder">Where results go: not searched for scans; null where nothing is written.</param>
    /// <param name="observer">Told what is left out.</param>
    /// <param name="learned">What the net has seen, so that a scan of another kind gets a warning; null without one.</param>
    /// <exception cref="InputDataException">A path is missing, or holds nothing that can be read.</exception>
    public static InferenceInputs Find(IReadOnlyList<string> paths, PrepareSettings settings, string? outputFolder, IRunObserver observer, LearnedKinds? learned = null)
    {
        var plan = new SourcePlan();
        foreach (var path in paths)
        {
            var before = plan.Cases.Count;
            FolderSource.Read(path, settings, plan, outputFolder);
            if (plan.Cases.Count == before)
            {
                var reason = plan.Skipped.Count > 0 ? $" ({plan.Skipped[^1].Path} {plan.Skipped[^1].Reason})" : "";
                throw new InputDataException(path, $"holds nothing that can be read{reason}; expected a volume, an image, a stack of slices, or a folder of them.");
            }
        }

        var found = new InferenceInputs(settings, [.. plan.Cases], observer, learned);
        foreach (var skipped in plan.Skipped)
            found.LeaveOut(skipped);
        return found;
    }

    /// <summary>Reads the scans one after the other; one that can't be read is told and left out.</summary>
    /// <exception cref="InputDataException">There is one input and it can't be read.</exception>
    public IEnumerable<InferenceScan> Read()
    {
        var reader = new ScanReader(_archives);
        for (var i = 0; i < _plans.Length; i++)
        {
            if (Read(reader, _plans[i], _ids[i]) is { } scan)
                yield return scan;
            _archives.Done(_plans[i]);
        }
    }

    /// <summary>
    /// Reads scans of several channels, one after the other. Files of one scan have one name but for the channel's at its end:
    /// <c>CASE_flair.nii.gz</c>. A scan that lacks one, or that can't be read, is told and left out.
    /// </summary>
    /// <param name="channels">Their names, in the order that is wanted.</param>
    /// <returns>A list a scan, one entry a channel, all on one grid.</returns>
    /// <exception cref="InputDataException">There is no scan with all channels.</exception>
    public IEnumerable<IReadOnlyList<InferenceScan>> ReadChannels(IReadOnlyList<string> channels)
    {
        var found = _plans.Select((plan, i) => (Place: i, Name: ChannelName.Of(plan.Source, channels))).Where(p => p.Name is not null)
            .GroupBy(p => p.Name!.Value.Scan, StringComparer.Ordinal).ToArray();
        if (found.Length == 0)
            throw new InputDataException(_plans[0].Source, $"is no channel of a scan: the model takes {string.Join(", ", channels)}; expected files whose names end in _{string.Join(", _", channels)}.");
        var reader = new ScanReader(_archives);
        foreach (var scan in found)
        {
            var places = channels.Select(channel => scan.Where(p => string.Equals(p.Name!.Value.Channel, channel, StringComparison.OrdinalIgnoreCase)).Select(p => (int?)p.Place).FirstOrDefault()).ToArray();
            if (Array.IndexOf(places, null) is var missing and >= 0)
            {
                LeaveOut(new SkippedInput(scan.Key, $"lacks the channel {channels[missing]}", Channel));
                continue;
            }

            var images = places.Select(place => Read(reader, _plans[place!.Value], _ids[place.Value])).ToArray();
            if (Array.IndexOf(images, null) >= 0)
                continue; // told by what read it
            if (Array.FindIndex(images, image => !images[0]!.LiesOver(image!)) is var other and > 0)
            {
                LeaveOut(new SkippedInput(scan.Key, $"has {channels[0]} and {channels[other]} on different grids", Channel));
                continue;
            }

            yield return images!;
        }
    }

    private InferenceScan? Read(ScanReader reader, CasePlan plan, string id)
    {
        try
        {
            var scan = reader.Read(plan.Content);
            var warnings = scan.Warnings.ToList();
            var modality = plan.Modality ?? scan.Modality;
            if (_learned?.Surprise(scan.IsVolume, modality) is { } surprise)
                warnings.Add(surprise);
            IntensityScaling.Apply(scan.Values, modality, _settings, warnings, scan.Window);
            var grid = GridPreparation.Of(scan, null, _settings, warnings);
            // A store keeps half precision, and so the nets have never seen anything finer.
            foreach (ref var value in grid.Stored.Values.AsSpan())
                value = (float)(Half)value;
            foreach (var warning in warnings)
                _observer.Warn($"{plan.Source} {warning}.");
            return new InferenceScan(id, plan.Source, plan.Content, grid.Stored, warnings) { Original = grid.Read };
        }
        catch (InputDataException error) when (_plans.Length > 1)
        {
            LeaveOut(new SkippedInput(plan.Source, error.Reason, "unreadable"));
            return null;
        }
    }

    private void LeaveOut(SkippedInput input)
    {
        _skipped.Add(input);
        _observer.Warn($"{input.InOneLine}: left out.");
    }
}
