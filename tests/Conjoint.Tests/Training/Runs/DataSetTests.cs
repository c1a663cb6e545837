using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.Training;
using Conjoint.Training.Settings;

namespace Conjoint.Tests.Training.Runs;

/// <summary>Pre-training on several data sets: weights, and cases that are tested on elsewhere.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class DataSetTests
{
    private static PretrainSettings OneStage(ClusteringMethod method = ClusteringMethod.Swav, params (string Name, double Weight)[] weights)
    {
        var settings = SmallRun.Settings(method);
        return settings with { Masked = settings.Masked with { Enabled = false }, Volumes = settings.Volumes with { Enabled = false }, DataWeights = weights.ToDictionary(w => w.Name, w => w.Weight) };
    }

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void A_weighted_run_learns_something_else_and_the_same_again(ClusteringMethod method)
    {
        using var run = new SmallRun();
        var weighted = run.Run(OneStage(method, ("films", 4)), "a");
        SmallRun.AssertSame(weighted, run.Run(OneStage(method, ("films", 4)), "b"));
        Assert.NotEqual(File.ReadAllBytes(weighted.Weights), File.ReadAllBytes(run.Run(OneStage(method), "c").Weights));
    }

    [Fact]
    public void A_weight_of_a_set_that_is_not_there_is_refused_with_the_names()
    {
        using var run = new SmallRun();
        Assert.Contains("data_weights.film: no training case is of this data set; the stores have films, scans; did you mean films?",
            Assert.Throws<ConfigurationException>(() => run.Run(OneStage(weights: ("film", 2)), "a")).Message, StringComparison.Ordinal);
        Assert.Contains("every data set has the weight 0",
            Assert.Throws<ConfigurationException>(() => run.Run(OneStage(weights: [("films", 0), ("Scans", 0)]), "a")).Message, StringComparison.Ordinal);
    }

    /// <summary>A store like a run's own, with some cases changed.</summary>
    private static string Other(SmallRun run, Func<StoreCase, StoreCase> change)
    {
        SmallStore.Write(run["other"], [1, 3, 5, 4, 6], 3);
        var path = Path.Combine(run["other"], PreparedStore.ManifestFile);
        var manifest = PreparedStore.ReadManifest(path);
        File.WriteAllBytes(path, StoreJson.Bytes(manifest with { Cases = [.. manifest.Cases.Select(change)] }));
        return run["other"];
    }

    [Fact]
    public void Cases_that_another_store_tests_on_are_told()
    {
        using var run = new SmallRun();
        // volume1 has the same values in another file, volume2 the same subject and other values; image5 has another name too.
        var other = Other(run, c => c.Id switch
        {
            "volume1" => c with { Split = Split.Test, SourceChecksum = "other" },
            "volume2" => c with { Split = Split.Validation, SourceChecksum = "other2", ImageChecksum = "other2" },
            _ => c with { Subject = "other-" + c.Subject, SourceChecksum = "other-" + c.Id, ImageChecksum = "other-" + c.Id },
        });
        var watcher = new Watcher();
        run.Run(OneStage(), "run", r => r with { Stores = [run.Store, other] }, watcher);
        Assert.Contains(watcher.Warnings, w => w.StartsWith($"{other}: 1 of its cases for validation and test have the same content as training cases of another store (volume1)", StringComparison.Ordinal));
        Assert.Contains(watcher.Warnings, w => w.StartsWith($"{other}: 1 of its cases for validation and test are of subjects that another store trains on (volume2)", StringComparison.Ordinal));
    }

    [Fact]
    public void The_run_folder_tells_later_runs_what_was_learned_from_without_naming_it()
    {
        using var run = new SmallRun();
        var folder = run.Run(OneStage(), "run");
        var text = File.ReadAllText(folder.TrainingContent);
        Assert.DoesNotContain("volume", text, StringComparison.Ordinal);
        using var store = PreparedStore.Open(run.Store);
        Assert.All(store.Cases, c => Assert.DoesNotContain(c.ImageChecksum, text, StringComparison.Ordinal));

        StoreCase[] cases = [store.Cases[0], store.Cases[1] with { SourceChecksum = "x" }, store.Cases[2] with { SourceChecksum = "x", ImageChecksum = "y" }];
        foreach (var weights in new[] { folder.Path, folder.Weights, folder.StageWeights("slices") })
        {
            var warning = Assert.Single(TrainingContent.Overlaps(weights, cases, "store"));
            Assert.StartsWith($"store: 2 of 3 cases for validation and test were learned from in the pre-training of these weights ({cases[0].Id}, {cases[1].Id})", warning, StringComparison.Ordinal);
        }

        Assert.Empty(TrainingContent.Overlaps("scratch", cases, "store"));
        Assert.Empty(TrainingContent.Overlaps(null, cases, "store"));
    }

    [Fact]
    public void What_came_before_is_carried_on()
    {
        using var run = new SmallRun();
        var first = run.Run(OneStage(), "first");
        var second = run.Run(OneStage(), "second", r => r with { Weights = first.Path });
        using var store = PreparedStore.Open(run.Store);
        Assert.Equal(2, TrainingContent.Overlaps(second.Path, store.Cases, "store").Count());
        File.WriteAllText(second.TrainingContent, "{}");
        Assert.Throws<Conjoint.Imaging.InputDataException>(() => TrainingContent.Overlaps(second.Path, store.Cases, "store").ToList());
    }
}
