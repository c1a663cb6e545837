using Conjoint.Runtime.Settings;
using FsCheck;
using FsCheck.Fluent;

namespace Conjoint.Tests.Runtime.Settings;

public class SettingsWriterTests
{
    private static SampleSettings Read(string yaml) => SettingsBinder.Bind<SampleSettings>(SettingsLayer.FromText("written", yaml));

    [Fact]
    public void Every_key_is_written()
    {
        Assert.Equal(
            """
            seed: 0
            name: run
            weights: null
            method: swav
            loss:
              rounds: 100
              epsilon: 0.1
              iterations: 3
            extra: null
            prototypes: [64]
            crops:
            - size: 224
              min_scale: 0.14
              max_scale: 1
            - size: 96
              min_scale: 0.14
              max_scale: 1
            queue: null
            freeze_stem: false

            """,
            SettingsWriter.Write(new SampleSettings()));
    }

    [Theory]
    [InlineData(1e-6, "1.0e-06")]
    [InlineData(0.3, "0.3")]
    [InlineData(1e300, "1.0e+300")]
    public void Numbers_are_written_as_every_reader_of_yaml_takes_them(double number, string written) =>
        Assert.Contains($"min_scale: {written}\n", SettingsWriter.Write(new SampleSettings { Crops = [new() { Size = 1, MinScale = number }] }), StringComparison.Ordinal);

    [Fact]
    public void What_is_written_reads_back_equal()
    {
        var texts = Gen.OneOf(
            ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => s.Get).Where(IsYamlText),
            Gen.Elements("null", "~", "", " ", "true", "1", "a: b", "#x", "- y", "line\nbreak", "\"q\"", "'", "é", "\u2028", "a\tb", "../x y.yaml"));
        var numbers = ArbMap.Default.GeneratorFor<NormalFloat>().Select(n => n.Get);
        var losses =
            from epsilon in Gen.Choose(1, 1_000_000)
            from iterations in ArbMap.Default.GeneratorFor<int>()
            select new SampleLoss { Epsilon = epsilon / 1e6, Iterations = iterations };
        var crops =
            from size in ArbMap.Default.GeneratorFor<int>()
            from a in numbers
            from b in numbers
            select new SampleCrop { Size = size, MinScale = Math.Min(a, b), MaxScale = Math.Max(a, b) };
        var settings =
            from seed in ArbMap.Default.GeneratorFor<long>().Where(s => s >= 0)
            from name in texts
            from weights in Gen.OneOf(Gen.Constant<string?>(null), texts.Select(t => (string?)t))
            from method in Gen.Elements(Enum.GetValues<SampleMethod>())
            from loss in losses
            from extra in Gen.OneOf(Gen.Constant<SampleLoss?>(null), losses.Select(l => (SampleLoss?)l))
            from prototypes in Gen.Choose(1, int.MaxValue).ListOf()
            from cropList in crops.ListOf()
            from queue in Gen.OneOf(Gen.Constant<int?>(null), Gen.Choose(-100, 100).Select(i => (int?)i))
            from freeze in ArbMap.Default.GeneratorFor<bool>()
            select new SampleSettings
            {
                Seed = seed,
                Name = name,
                Weights = weights,
                Method = method,
                Loss = loss,
                Extra = extra,
                Prototypes = [.. prototypes],
                Crops = [.. cropList],
                Queue = queue,
                FreezeStem = freeze,
            };

        Prop.ForAll(settings.ToArbitrary(), sample =>
        {
            var once = Read(SettingsWriter.Write(sample));
            var twice = Read(SettingsWriter.Write(once));
            Assert.Equal(sample.Name, once.Name);
            Assert.Equal(sample.Crops, once.Crops);
            Assert.Equal(sample with { Prototypes = once.Prototypes, Crops = once.Crops }, once);
            Assert.Equal(once, twice);
            Assert.Equal(once.GetHashCode(), twice.GetHashCode());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Only_what_differs_from_the_defaults_is_written_when_asked_so()
    {
        Assert.Equal("{}\n", SettingsWriter.WriteChanged(new SampleSettings()));
        var changed = new SampleSettings { Queue = 7, Loss = new SampleLoss { Epsilon = 0.2 }, Crops = [new() { Size = 9 }] };
        var text = SettingsWriter.WriteChanged(changed);
        Assert.Equal(["loss:", "  epsilon: 0.2", "crops:", "queue: 7"], text.Split('\n').Where(l => l.StartsWith("loss", StringComparison.Ordinal) || l.StartsWith("  epsilon", StringComparison.Ordinal) || l.StartsWith("crops", StringComparison.Ordinal) || l.StartsWith("queue", StringComparison.Ordinal)));
        Assert.DoesNotContain("seed", text, StringComparison.Ordinal);
        Assert.Equal(SettingsWriter.Write(changed), SettingsWriter.Write(Read(text)));
    }

    /// <summary>YAML can't hold half of a surrogate pair or most control characters, even escaped by this writer.</summary>
    private static bool IsYamlText(string text) => text.All(c => !char.IsSurrogate(c) && c is not ('\ufffe' or '\uffff'));
}
