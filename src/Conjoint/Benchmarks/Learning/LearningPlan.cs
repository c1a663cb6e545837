using Conjoint.Benchmarks.Cells;

namespace Conjoint.Benchmarks.Learning;

/// <summary>
/// Every cell of the learning protocol, breadth first: an interrupted run already tells something. The main arms come first with the
/// fewest labels, a seed at a time, then the further arms, then more labels, then the probes of the other seeds.
/// </summary>
public sealed class LearningPlan
{
    private readonly LearningSettings _settings;
    private readonly LabelledDraws _draws;
    private readonly PretrainingCells _pretrainings;
    private readonly FineTuningCells _finetunings;
    private readonly ProbeCells _probes;
    private readonly List<Cell> _cells = [];
    private readonly Dictionary<(string Arm, int Seed), Cell> _pretrained = [];
    private readonly Dictionary<string, List<Cell>> _tries = [];
    private readonly Dictionary<(string Arm, string Labels, int Seed, int Draw), Cell> _scores = [];
    private readonly List<PlannedProbe> _probed = [];

    /// <summary>Plans the protocol.</summary>
    /// <param name="folder">The table's folder.</param>
    /// <param name="settings">How much.</param>
    /// <param name="data">The stores.</param>
    /// <exception cref="Runtime.ConfigurationException">The stores hold too little for the settings.</exception>
    public LearningPlan(string folder, LearningSettings settings, LearningData data)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(data);
        _settings = settings;
        _draws = new LabelledDraws(data.Segmentation, settings);
        _pretrainings = new PretrainingCells(folder, new PretrainingSource(data.Pretraining, data.PretrainingText, settings.Device, settings.Precision));
        _finetunings = new FineTuningCells(folder, settings, data, _pretrainings);
        _probes = new ProbeCells(settings, data, _pretrainings);
        Order();
    }

    /// <summary>The cells in their order.</summary>
    public IReadOnlyList<Cell> Cells => _cells;

    /// <summary>Subjects that every fine-tuning is scored on.</summary>
    public int TestSubjects => _draws.Test.Select(c => c.Subject).Distinct().Count();

    /// <summary>The pre-trainings by arm and seed.</summary>
    internal IReadOnlyDictionary<(string Arm, int Seed), Cell> Pretrainings => _pretrained;

    /// <summary>The cells that choose an arm's rate.</summary>
    internal IReadOnlyDictionary<string, List<Cell>> Tries => _tries;

    /// <summary>The scored fine-tunings.</summary>
    internal IReadOnlyDictionary<(string Arm, string Labels, int Seed, int Draw), Cell> Scores => _scores;

    /// <summary>The probes.</summary>
    internal IReadOnlyList<PlannedProbe> Probes => _probed;

    /// <summary>Draws at a number of labels: all subjects are one and the same draw.</summary>
    internal int DrawsAt(string labels) => labels == LearningSettings.AllLabels ? 1 : _settings.Draws;

    private void Order()
    {
        var fewest = _settings.Labels[0];
        foreach (var arms in new[] { Main, Further })
        {
            for (var seed = 0; seed < (_settings.ChoicesOnly ? 1 : _settings.Seeds); seed++)
            {
                foreach (var arm in arms)
                    Pretrain(LearningArm.Pretraining(arm), seed);
                foreach (var arm in arms)
                    ChooseRate(arm);
                if (_settings.ChoicesOnly)
                    continue;
                if (seed == 0 && arms == Main)
                    Probe(seed); // cheap, and the first to tell whether anything was learned
                Score(arms, fewest, seed);
            }
        }

        if (_settings.ChoicesOnly)
            return;
        foreach (var labels in _settings.Labels.Skip(1))
        {
            for (var seed = 0; seed < _settings.Seeds; seed++)
                Score(Main, labels, seed);
        }

        for (var seed = 1; seed < _settings.Seeds; seed++)
            Probe(seed);
    }

    /// <summary>What an arm chooses its rates from.</summary>
    internal IEnumerable<FineTuneRates> RatesOf(string arm) =>
        from rate in _settings.Rates
        from encoder in LearningArm.IsScratch(arm) ? [1] : _settings.EncoderRates
        select new FineTuneRates(rate, encoder);

    private IReadOnlyList<string> Main => field ??= [.. LearningArm.Main.Intersect(_settings.Arms)];

    private IReadOnlyList<string> Further => field ??= [.. LearningArm.Further.Intersect(_settings.Arms)];

    /// <summary>Every arm's pre-training goes on from that of <c>slices</c>.</summary>
    private void Pretrain(string arm, int seed)
    {
        if (LearningArm.IsScratch(arm) || _pretrained.ContainsKey((arm, seed)))
            return;
        if (arm != LearningArm.Slices)
            Pretrain(LearningArm.Slices, seed);
        (string, Cell)? slices = arm == LearningArm.Slices ? null : (LearningArm.Slices, _pretrained[(LearningArm.Slices, seed)]);
        _cells.Add(_pretrained[(arm, seed)] = _pretrainings.Cell(arm, seed, _settings.Pretraining(arm, seed), slices));
    }

    private Cell? Pretrained(string arm, int seed) => _pretrained.GetValueOrDefault((LearningArm.Pretraining(arm), seed));

    /// <summary>Once an arm, with the pre-training of seed 0.</summary>
    private void ChooseRate(string arm)
    {
        if (_tries.ContainsKey(arm))
            return;
        _tries[arm] =
        [
            .. from selection in Enumerable.Range(0, _settings.SelectionDraws)
               from rates in RatesOf(arm)
               select _finetunings.Try(arm, rates, selection, _draws.Selection(selection), Pretrained(arm, 0)),
        ];
        _cells.AddRange(_tries[arm]);
    }

    private void Score(IReadOnlyList<string> arms, string labels, int seed)
    {
        for (var draw = 0; draw < DrawsAt(labels); draw++)
        {
            var split = _draws.Draw(draw, labels);
            foreach (var arm in arms)
                _cells.Add(_scores[(arm, labels, seed, draw)] = _finetunings.Score(arm, labels, seed, draw, split, Pretrained(arm, seed), _tries[arm]));
        }
    }

    private void Probe(int seed)
    {
        foreach (var task in _probes.Tasks)
        {
            foreach (var source in ProbeSource.Encoders.Where(s => s == ProbeSource.Untrained || _pretrained.ContainsKey((s, seed))))
                Add(task, source, seed, _pretrained.GetValueOrDefault((source, seed)));
            foreach (var source in ProbeSource.Plain.Where(_ => seed == 0))
                Add(task, source, null, null);
        }

        void Add(ProbeTask task, string source, int? ofSeed, Cell? pretraining)
        {
            var cell = _probes.Cell(task, source, ofSeed, pretraining);
            _cells.Add(cell);
            _probed.Add(new PlannedProbe(task.Name, task.Score, source, cell));
        }
    }
}

/// <summary>A cell of a probe.</summary>
/// <param name="Task">Name of the probe.</param>
/// <param name="Score">What it is scored by.</param>
/// <param name="Source">Where its features come from.</param>
/// <param name="Cell">The cell.</param>
internal sealed record PlannedProbe(string Task, string Score, string Source, Cell Cell);
