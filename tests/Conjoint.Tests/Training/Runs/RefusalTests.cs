using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Training;
using Conjoint.Training.Settings;

namespace Conjoint.Tests.Training.Runs;

/// <summary>What cannot work is told before anything is written.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class RefusalTests : IDisposable
{
    private readonly SmallRun _run = new();
    private readonly PretrainSettings _settings = SmallRun.Settings(ClusteringMethod.DeepClusterV2);

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Too_few_samples_for_the_batch_name_the_key()
    {
        Refused(_settings with { Slices = _settings.Slices with { Batch = 23 } }, "slices.batch: 23 slices in a batch, but only 22");
        Refused(_settings with { Masked = _settings.Masked with { Batch = 6 } }, "masked.batch: 6 volumes in a batch, but only 5");
        Refused(_settings with { Volumes = _settings.Volumes with { Batch = 6 } }, "volumes.batch=5");
    }

    [Fact]
    public void More_prototypes_than_samples_name_the_key()
    {
        Refused(
            _settings with { Slices = _settings.Slices with { Prototypes = new PrototypeSettings { Counts = [4, 19] } } },
            "slices.prototypes.counts: 19 prototypes for 18 samples");
        Refused(_settings with { Volumes = _settings.Volumes with { Prototypes = new PrototypeSettings { Counts = [5] } } }, "volumes.prototypes.counts: 5 prototypes for 4 samples");
    }

    [Fact]
    public void A_stage_of_volumes_on_images_alone_says_so()
    {
        using var films = new SmallRun([], images: 8);
        var error = Assert.Throws<ConfigurationException>(() => films.Run(_settings, "run", r => r with { Stage = StageName.Masked }));
        Assert.Contains("stage masked learns from volumes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stores_without_training_cases_or_that_are_none_are_input_errors()
    {
        Assert.Throws<InputDataException>(() => _run.Run(_settings, "run", r => r with { Stores = [_run["nowhere"]] }));
        var empty = SmallStore.Write(_run["empty"], []);
        Assert.Throws<InputDataException>(() => _run.Run(_settings, "run", r => r with { Stores = [empty] }));
        Assert.False(Directory.Exists(_run["run"]));
    }

    private void Refused(PretrainSettings settings, string part)
    {
        var error = Assert.Throws<ConfigurationException>(() => _run.Run(settings, "run"));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(Directory.Exists(_run["run"]));
    }
}
