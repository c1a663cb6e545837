using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Reporting;
using Conjoint.Runtime;
using Conjoint.Tasks.Metrics;
using Conjoint.Tasks.Probing;
using Conjoint.Tests.Reporting;
using Conjoint.TestSupport;
using Conjoint.Training.Monitoring;

namespace Conjoint.Tests.Tasks;

[Collection(GlobalGenerator.Name)]
public sealed class FrozenProbeTests : IDisposable
{
    private static readonly ProbeSettings s_tiny = new()
    {
        Seed = 4, Encoder = TinyModel.Encoder, VolumeEncoder = new VolumeEncoderSettings { Width = 16, Layers = 1, Heads = 2, HeadWidth = 8, HiddenWidth = 20, PositionTable = 8 },
        Input = TinyModel.Input, Device = "cpu", Neighbours = [1, 3], MaxSlices = 4,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The disc's size is the class: grey values tell it, so that the control has to be right, and every probe is there.</summary>
    [Fact]
    public void Weights_are_probed_beside_what_learned_nothing()
    {
        using var store = Store();
        TinyModel.WriteJoint(_folder["joint.safetensors"]);
        var result = Probe(s_tiny, store, _folder["joint.safetensors"], _folder["run"], writeFeatures: true);
        string[] features = ["slices", "volume", "untrained_slices", "untrained_volume", "pixels", "histogram"];
        Assert.Equal(features.SelectMany(f => new[] { $"{f} linear", $"{f} knn" }), result.Probes.Select(p => $"{p.Features} {p.Probe}"));
        Assert.Equal((12, 12, 6, 8, "malign"), (result.TrainSubjects, result.Train, result.Validation, result.Test, result.Positive));
        Assert.Equal(1, result.Probes.Single(p => p is { Features: "histogram", Probe: "linear" }).Auc);

        // The figures are those of the scores, in the result, in the metrics and in the report.
        var lines = MetricsReader.Read(_folder["run/metrics.jsonl"]);
        var html = File.ReadAllText(RunReport.Write(_folder["run"]));
        foreach (var probe in result.Probes)
        {
            var own = lines.Where(l => l.Text("features") == probe.Features && l.Text("probe") == probe.Probe).ToArray();
            double[] scores = [.. own.Where(l => l.Has("case")).Select(l => l.Number("score_class_1")!.Value)];
            bool[] truths = [.. own.Where(l => l.Has("case")).Select(l => l.Integer("truth") == 1)];
            Assert.Equal(RocCurve.Auc(scores, truths), probe.Auc);
            Assert.Equal(probe.Auc, own.Single(l => l.Flag("summary")).Number("auc"));
            Assert.Equal(probe.Auc, HtmlTables.RowWith(html, $"data-probe=\"{probe.Features} {probe.Probe}\"").Cells[3].Value);
        }

        Assert.Contains("Linear probe on 8 cases of the split test", html, StringComparison.Ordinal);
        var (trained, untrained) = (result.Probes[0], result.Probes.Single(p => p is { Features: "untrained_slices", Probe: "linear" }));
        Assert.Equal(trained.Auc - untrained.Auc, trained.OverUntrained, 12);
        Assert.True(double.IsNaN(untrained.OverUntrained));
        Assert.NotEqual(trained.Cases[0].Scores, untrained.Cases[0].Scores);

        // Probes fitted again to the written features give the same scores.
        var rows = File.ReadAllLines(_folder["run/features/cases.csv"])[1..].Select(r => r.Split(',')).ToArray();
        float[][] values = Features("slices", rows.Length);
        int[] Of(string split) => [.. Enumerable.Range(0, rows.Length).Where(i => rows[i][1] == split)];
        double[][] Targets(int[] some) => [.. some.Select(i => new[] { 1 - double.Parse(rows[i][2]), double.Parse(rows[i][2]) })];
        var again = RidgeRegression.Fit(
            [.. Of("train").Select(i => values[i])], Targets(Of("train")), [.. Of("train").Select(i => rows[i][0])], ([.. Of("val").Select(i => values[i])], Targets(Of("val"))));
        Assert.Equal(trained.Strength, again.Strength);
        Assert.Equal(trained.Cases.Select(c => c.Scores), Of("test").Select(i => again.PredictAll(values[i])));
        Assert.Equal(trained.Cases.Select(c => c.Case), Of("test").Select(i => rows[i][0]));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_scratch_is_the_untrained_encoder()
    {
        using var store = Store();
        TinyModel.WriteJoint(_folder["joint.safetensors"]);
        var scratch = Probe(s_tiny, store, "scratch", _folder["scratch"]);
        Assert.Equal(["untrained_slices", "untrained_volume", "pixels", "histogram"], scratch.Probes.Select(p => p.Features).Distinct());
        Probe(s_tiny, store, "scratch", _folder["again"]);
        Assert.Equal(File.ReadAllText(_folder["scratch/metrics.jsonl"]), File.ReadAllText(_folder["again/metrics.jsonl"]));

        // The weights' architecture is the settings': so are the untrained encoders beside them.
        var beside = Probe(s_tiny, store, _folder["joint.safetensors"], _folder["joint"]);
        Assert.Equal(Text(scratch), Text(beside with { Probes = [.. beside.Probes.Where(p => p.Features is not ("slices" or "volume"))] }));
        var other = Probe(s_tiny with { Seed = 5 }, store, "scratch", _folder["other"]);
        Assert.NotEqual(scratch.Probes[0].Cases[0].Scores, other.Probes[0].Cases[0].Scores);

        static string Text(ProbeResult result) => string.Join('\n', result.Probes.Select(p => $"{p} {string.Join(' ', p.Cases.SelectMany(c => c.Scores).Select(s => s.ToString("R")))}"));
    }

    /// <summary>Every grey value of an image is in one of two bins, so that all histograms lie on a line: cases on one side have the same neighbours, and tie.</summary>
    [Fact]
    public void Equal_votes_tie_whatever_the_last_bits_of_their_sums()
    {
        using var store = ClassStore.Write(_folder["store"], [.. ClassStore.Items("a", 30, Split.Train), .. ClassStore.Items("t", 20, Split.Test)]);
        foreach (var storeCase in store.Cases)
        {
            var path = _folder[$"store/{storeCase.ImageFile}"];
            var bright = 20 + int.Parse(storeCase.Id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture) * 7 % 13;
            NpyFile.Write<Half>(path, [.. Enumerable.Range(0, storeCase.Slices * 320).Select(i => i % 320 < bright ? (Half)1 : (Half)0)], [storeCase.Slices, 20, 16]);
        }

        using var opened = PreparedStore.Open(_folder["store"]);
        var result = Probe(s_tiny with { Neighbours = [20] }, opened, "scratch", _folder["run"]);
        var scores = result.Probes.Single(p => p is { Features: "histogram", Probe: "knn" }).Cases.Select(c => c.Scores[1]).ToArray();
        Assert.InRange(scores.Distinct().Count(), 1, 3); // above the mean, below it, or at it
    }

    [Fact]
    public void Without_validation_cases_the_training_subjects_choose()
    {
        using var store = Store(validation: 0);
        var result = Probe(s_tiny, store, "scratch", _folder["run"]);
        Assert.Equal(0, result.Validation);
        Assert.Equal(1, result.Probes.Single(p => p is { Features: "histogram", Probe: "linear" }).Auc);
    }

    [Fact]
    public void The_validation_cases_can_be_scored_and_choose_nothing_then()
    {
        using var store = Store();
        var result = Probe(s_tiny with { Split = Split.Validation }, store, "scratch", _folder["run"]);
        Assert.Equal(("val", 0, 6), (result.Split, result.Validation, result.Test));
        Assert.All(result.Probes[0].Cases, c => Assert.StartsWith("b", c.Case, StringComparison.Ordinal));
        Assert.All(MetricsReader.Read(_folder["run/metrics.jsonl"]), l => Assert.Equal("val", l.Text("split")));
    }

    [Fact]
    public void Few_labels_are_whole_subjects_by_the_seed()
    {
        using var store = Store();
        var result = Probe(s_tiny with { Labels = "50%" }, store, "scratch", _folder["run"], writeFeatures: true);
        Assert.Equal((6, 6, 8), (result.TrainSubjects, result.Train, result.Test));
        Assert.Equal(6, File.ReadAllLines(_folder["run/features/cases.csv"]).Count(r => r.Contains(",train,", StringComparison.Ordinal)));
    }

    [Fact]
    public void Three_classes_have_the_mean_of_their_areas()
    {
        using var store = ClassStore.Write(_folder["store"], [.. ClassStore.Items("a", 12, Split.Train, 3), .. ClassStore.Items("t", 9, Split.Test, 3)], ["none", "small", "large"]);
        var result = Probe(s_tiny, store, "scratch", _folder["run"]);
        var probe = result.Probes.Single(p => p is { Features: "pixels", Probe: "linear" });
        Assert.Null(result.Positive);
        Assert.True(double.IsNaN(probe.AucLow));
        Assert.Equal(Enumerable.Range(0, 3).Average(k => RocCurve.Auc([.. probe.Cases.Select(c => c.Scores[k])], [.. probe.Cases.Select(c => c.Truth == k)])), probe.Auc, 12);
        Assert.Equal(probe.Cases.Average(c => c.Scores.Max() == c.Scores[(int)c.Truth] ? 1.0 : 0), probe.Accuracy, 12);
    }

    /// <summary>The number of a table is the disc's class over again, times ten: the pixels tell it, and the correlation says so.</summary>
    [Fact]
    public void Numbers_of_a_table_are_told()
    {
        using var store = Store();
        File.WriteAllLines(_folder["numbers.csv"], [
            "case,volume_ml", .. store.Cases.Select(c => FormattableString.Invariant($"{c.Id},{10 * c.Label!.Value + 0.001 * c.Slices}"))]);
        var settings = s_tiny with { Table = _folder["numbers.csv"], Target = "volume_ml", Kind = ProbeKind.Number };
        var result = Probe(settings, store, "scratch", _folder["run"]);
        Assert.Empty(result.Classes);
        var probe = result.Probes.Single(p => p is { Features: "histogram", Probe: "linear" });
        Assert.InRange(probe.Pearson, 0.9, 1);
        double[] told = [.. probe.Cases.Select(c => c.Scores[0])], truth = [.. probe.Cases.Select(c => c.Truth)];
        Assert.Equal(told.Zip(truth, (a, b) => Math.Abs(a - b)).Average(), probe.MeanAbsoluteError, 12);
        Assert.Equal(MathNet.Numerics.Statistics.Correlation.Pearson(told, truth), probe.Pearson, 9);
        Assert.Equal(MathNet.Numerics.GoodnessOfFit.CoefficientOfDetermination(told, truth), probe.R2, 9);
        var html = File.ReadAllText(RunReport.Write(_folder["run"]));
        Assert.Equal([probe.Pearson, probe.MeanAbsoluteError, probe.R2], HtmlTables.RowWith(html, "data-probe=\"histogram linear\"").Cells.TakeLast(3).Select(c => c.Value!.Value));
    }

    [Fact]
    public void A_table_may_name_cases_by_their_path_or_their_subject()
    {
        using var store = Store();
        File.WriteAllLines(_folder["paths.csv"], ["image,side", .. store.Cases.Select(c => $"some/where/{c.Source},{(c.Label == 1 ? "left" : "right")}")]);
        File.WriteAllLines(_folder["subjects.csv"], ["subject,side", .. store.Cases.Select(c => $"{c.Subject},{(c.Label == 1 ? "left" : "right")}")]);
        var byPath = ProbeCases.Select(store, s_tiny with { Table = _folder["paths.csv"], Target = "side" });
        var bySubject = ProbeCases.Select(store, s_tiny with { Table = _folder["subjects.csv"], Target = "side", Positive = "left" });
        Assert.Equal(["left", "right"], byPath.Classes);
        Assert.Equal((1, 0), (byPath.Positive, bySubject.Positive));
        Assert.All(byPath.All, c => Assert.Equal(c.Label == 1 ? 0 : 1, byPath.TargetOf(c)));
        Assert.Equal(byPath.All.Select(c => (c.Id, byPath.TargetOf(c))), bySubject.All.Select(c => (c.Id, bySubject.TargetOf(c))));
    }

    [Fact]
    public void What_cannot_be_probed_is_said_in_a_line()
    {
        using var store = Store();
        void Fault<T>(string words, ProbeSettings settings, PreparedStore? other = null)
            where T : Exception => Assert.Contains(words, Assert.Throws<T>(() => Probe(settings, other ?? store, "scratch", _folder["none"])).Message, StringComparison.Ordinal);
        File.WriteAllLines(_folder["table.csv"], ["case,grade,side", "a0,1,left", "a0,2,left", "a1,3,left", "a2,x,"]);
        Fault<InputDataException>("no column 'age'; its columns are case, grade, side", s_tiny with { Table = _folder["table.csv"], Target = "age" });
        Fault<InputDataException>("line 3: case a0 has '1' and '2'", s_tiny with { Table = _folder["table.csv"], Target = "grade" });
        Fault<InputDataException>("no case of the split 'test' has a value in column 'side'", s_tiny with { Table = _folder["table.csv"], Target = "side" });
        Fault<InputDataException>("cannot be read", s_tiny with { Table = _folder["nowhere.csv"], Target = "side" });
        Fault<ConfigurationException>("expected --table", s_tiny with { Target = "age" });
        Fault<ConfigurationException>("--target", s_tiny with { Table = "x.csv" });
        Fault<ConfigurationException>("expected numbers only", s_tiny with { Kind = ProbeKind.Number });
        Fault<ConfigurationException>("benign, malign", s_tiny with { Positive = "perhaps" });
        Fault<ConfigurationException>("expected test or val", s_tiny with { Split = "train" });
        Fault<ConfigurationException>("are all of class", s_tiny with { Labels = "1" });
        Fault<ConfigurationException>("has classes of discs", s_tiny with { Dataset = "rings" });
        using var untested = ClassStore.Write(_folder["untested"], ClassStore.Items("a", 6, Split.Train));
        Fault<InputDataException>("no case of the split 'test' has a class", s_tiny, untested);
        using var single = ClassStore.Write(_folder["single"], [.. ClassStore.Items("a", 6, Split.Train), .. ClassStore.Items("t", 3, Split.Test, classes: 1)]);
        Fault<InputDataException>("every labelled case of the split 'test' is of class 'benign'", s_tiny, single);
        Assert.False(Directory.Exists(_folder["none"]));
        using var images = ClassStore.Write(_folder["images"], [.. ClassStore.Items("a", 6, Split.Train, kind: CaseKind.Image), .. ClassStore.Items("t", 4, Split.Test, kind: CaseKind.Image)]);
        NpyFile.Write<Half>(_folder["images/cases/t3/image.npy"], [.. Enumerable.Repeat(Half.NaN, 320)], [1, 20, 16]);
        using var holed = PreparedStore.Open(_folder["images"]);
        Fault<InputDataException>("t3/image.npy: holds values that are infinite or NaN", s_tiny, holed);
        Probe(s_tiny, store, "scratch", _folder["run"]);
        Assert.Contains("holds a run already", Assert.Throws<ConfigurationException>(() => Probe(s_tiny, store, "scratch", _folder["run"])).Message, StringComparison.Ordinal);
    }

    private PreparedStore Store(int validation = 6) => ClassStore.Write(
        _folder["store"], [.. ClassStore.Items("a", 12, Split.Train), .. ClassStore.Items("b", validation, Split.Validation), .. ClassStore.Items("t", 8, Split.Test)]);

    private static ProbeResult Probe(ProbeSettings settings, PreparedStore store, string weights, string run, bool writeFeatures = false) =>
        new FrozenProbe(settings).Run(store, weights, run, writeFeatures, cancellation: TestContext.Current.CancellationToken);

    private float[][] Features(string name, int cases)
    {
        var bytes = File.ReadAllBytes(_folder[$"run/features/{name}.npy"]);
        var header = 10 + BitConverter.ToUInt16(bytes, 8);
        return [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan(header)).ToArray().Chunk((bytes.Length - header) / 4 / cases)];
    }
}
