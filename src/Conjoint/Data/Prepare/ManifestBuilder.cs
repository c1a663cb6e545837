using System.Globalization;

namespace Conjoint.Data;

/// <summary>Joins what was found in the files with what the sources say, into a manifest.</summary>
internal sealed class ManifestBuilder(PrepareSettings settings)
{
    private const int MostNamed = 20;

    private readonly List<string> _warnings = [];

    /// <summary>Cases that the manifest leaves out after all.</summary>
    public List<SkippedInput> Skipped { get; } = [];

    /// <param name="outcomes">Cases that are in the store.</param>
    public StoreManifest Build(IReadOnlyList<CaseOutcome> outcomes)
    {
        var usable = outcomes.Where(HasFittingBoxes).ToArray();
        usable = WithSplits(usable, out var splits);
        var classes = ClassNames(usable);
        var cases = usable
            .Select((outcome, i) => Case(outcome, splits[i], classes))
            .OrderBy(c => c.Id, StringComparer.Ordinal)
            .ToArray();
        TellDuplicates(cases);
        if (cases.Length > 0 && cases.All(c => c.Split != Split.Train))
            _warnings.Add("No case is for training.");
        return new StoreManifest
        {
            Settings = settings,
            ClassNames = classes,
            MaskClasses = [.. cases.SelectMany(c => c.MaskLabels).Distinct().Order()],
            BoxClasses = [.. cases.SelectMany(c => c.Boxes).Select(b => b.Class).Distinct().Order(StringComparer.Ordinal)],
            Warnings = _warnings,
            Cases = cases,
        };
    }

    private bool HasFittingBoxes(CaseOutcome outcome)
    {
        if (outcome.Plan.Boxes is not { Width: { } width, Height: { } height } || (width, height) == (outcome.Facts!.Width, outcome.Facts.Height))
            return true;
        Skipped.Add(new SkippedInput(outcome.Plan.Source,
            $"has {outcome.Facts.Width}×{outcome.Facts.Height} pixels, but its boxes are for {width}×{height}", "values"));
        return false;
    }

    private CaseOutcome[] WithSplits(CaseOutcome[] outcomes, out string[] splits)
    {
        var assigned = SplitAssigner.Assign(
            [.. outcomes.Select(o => new SplitCase(o.Plan.Dataset, o.Plan.Subject, settings.DrawsAllSplits ? null : o.Plan.Split, o.Facts!.SourceChecksum, o.Plan.SubjectKeys.Count > 0 ? o.Plan.Subject : null))], settings);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (assigned[i] is null)
            {
                Skipped.Add(new SkippedInput(outcomes[i].Plan.Source,
                    $"its subject {outcomes[i].Plan.Subject} is in '{outcomes[i].Plan.Split}' here and in another split elsewhere; a subject has one split, and the more protected one (test, then val) counts", "split"));
            }
        }

        splits = [.. assigned.OfType<string>()];
        return [.. outcomes.Where((_, i) => assigned[i] is not null)];
    }

    /// <summary>Whole numbers are class numbers already; other words are numbered in alphabetical order.</summary>
    private static string[] ClassNames(IEnumerable<CaseOutcome> outcomes)
    {
        const int mostNumbered = 10_000;
        var texts = outcomes.Select(o => o.Plan.Label).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToArray();
        var numbers = texts.Select(t => Number(t) ?? -1).ToArray();
        return texts.Length > 0 && numbers.All(n => n is >= 0 and < mostNumbered)
            ? [.. Enumerable.Range(0, numbers.Max() + 1).Select(n => n.ToString(CultureInfo.InvariantCulture))]
            : texts;
    }

    private static int? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == Math.Round(number) && Math.Abs(number) < int.MaxValue
            ? (int)number
            : null;

    private static StoreCase Case(CaseOutcome outcome, string split, string[] classes)
    {
        var (plan, facts) = (outcome.Plan, outcome.Facts!);
        var warnings = new List<string>([.. plan.Warnings, .. facts.Warnings]);
        var folder = $"{PreparedStore.CasesFolder}/{outcome.Id}";
        return new StoreCase
        {
            Id = outcome.Id,
            Subject = plan.Subject,
            Split = split,
            Kind = facts.Kind,
            Dataset = plan.Dataset,
            Modality = facts.Modality,
            Slices = facts.Slices,
            Height = facts.Height,
            Width = facts.Width,
            SpacingMm = facts.SpacingMm,
            Orientation = facts.Orientation,
            Affine = facts.Affine,
            SourceGrid = facts.SourceGrid,
            GridMap = facts.GridMap,
            Source = plan.Source,
            SourceChecksum = facts.SourceChecksum,
            Label = plan.Label is null ? null : Array.IndexOf(classes, plan.Label) is var place and >= 0 ? place : Number(plan.Label),
            MaskLabels = facts.MaskLabels,
            HasLayers = facts.MaskChecksum is not null && plan.Mask is LayersContent,
            Boxes = [.. Inside(plan.Boxes?.Boxes ?? [], facts, warnings)],
            HasBoxes = plan.Boxes is not null,
            Fold = plan.Fold,
            Channel = plan.Channel,
            ChannelGroup = plan.ChannelGroup,
            CandidatesFile = plan.Candidates is null || facts.Affine is null ? null : $"{folder}/{CandidateFile.Name}",
            ImageFile = $"{folder}/{CaseBuilder.ImageName}",
            MaskFile = facts.MaskChecksum is null ? null : $"{folder}/{CaseBuilder.MaskName}",
            SliceStdFile = $"{folder}/{CaseBuilder.SliceStdName}",
            ImageChecksum = facts.ImageChecksum,
            MaskChecksum = facts.MaskChecksum,
            Warnings = warnings,
        };
    }

    private static List<Box> Inside(IReadOnlyList<Box> boxes, CaseFacts facts, List<string> warnings)
    {
        var inside = new List<Box>();
        foreach (var box in boxes)
        {
            var clipped = box with
            {
                X1 = Math.Clamp(box.X1, 0, facts.Width),
                Y1 = Math.Clamp(box.Y1, 0, facts.Height),
                X2 = Math.Clamp(box.X2, 0, facts.Width),
                Y2 = Math.Clamp(box.Y2, 0, facts.Height),
            };
            if (clipped.X2 <= clipped.X1 || clipped.Y2 <= clipped.Y1)
            {
                warnings.Add(FormattableString.Invariant($"has a box outside the image, at ({box.X1}, {box.Y1}), which was left out"));
                continue;
            }

            if (clipped != box)
                warnings.Add(FormattableString.Invariant($"has a box that reaches out of the image, at ({box.X1}, {box.Y1}), which was cut"));
            inside.Add(clipped);
        }

        return inside;
    }

    private void TellDuplicates(IReadOnlyList<StoreCase> cases)
    {
        var told = 0;
        foreach (var same in cases.GroupBy(c => c.SourceChecksum).Where(g => g.Count() > 1))
        {
            if (++told > MostNamed)
                continue;
            var names = string.Join(", ", same.Select(c => c.Id).Take(MostNamed));
            var splits = same.Select(c => c.Split).Distinct().ToArray();
            _warnings.Add(splits.Length > 1
                ? $"The same content is in different splits ({string.Join(" and ", splits)}), so test figures will look too good: {names}."
                : $"The same content is there {same.Count()} times: {names}.");
        }

        if (told > MostNamed)
            _warnings.Add($"{told - MostNamed} more contents are there several times.");
    }
}
