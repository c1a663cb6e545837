using Conjoint.Data;
using Conjoint.Tasks.Metrics;
using Conjoint.Training;
using Conjoint.Training.ReportData;

namespace Conjoint.Tasks.Segmentation;

/// <summary>Pictures of some test cases, spread evenly, for the report.</summary>
internal sealed class TestPictures
{
    private const int Most = 8;

    private readonly RunFolder _folder;
    private readonly PreparedStore _store;
    private readonly HashSet<string> _shown;
    private readonly List<OverlayPictures.Picture> _pictures;

    /// <summary>Goes on with the pictures that an interrupted run wrote of cases whose scores are safe; the others will be drawn again.</summary>
    public TestPictures(RunFolder folder, PreparedStore store, IReadOnlyList<StoreCase> cases, IReadOnlyList<CaseScore> done)
    {
        (_folder, _store) = (folder, store);
        var count = Math.Min(Most, cases.Count);
        _shown = [.. Enumerable.Range(0, count).Select(i => cases[i * cases.Count / count].Id)];
        _pictures = [.. (ReportFiles.ReadOverlays(folder)?.Pictures ?? []).Where(p => done.Any(s => s.Case == p.Case))];
    }

    /// <summary>Takes up a case if it is one to show.</summary>
    public void Offer(ScoredCase scored, ClassMap map)
    {
        if (!_shown.Contains(scored.Case.Id))
            return;
        _pictures.Add(scored.Picture(_store, map));
        ReportFiles.Write(_folder, new OverlayPictures { Pictures = _pictures });
    }
}
