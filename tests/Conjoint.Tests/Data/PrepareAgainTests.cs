using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data;

/// <summary>Preparing again, interrupted, or in parallel.</summary>
public sealed class PrepareAgainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PrepareAgainTests()
    {
        for (var n = 0; n < 6; n++)
        {
            Samples.Nifti(_folder[$"set/images/{n}.nii.gz"], Samples.Volume(6, 5, 4, n));
            Samples.Nifti(_folder[$"set/labels/{n}.nii.gz"], new Volume([.. Enumerable.Range(0, 120).Select(i => (float)((i + n) % 2))], 6, 5, 4, Affine.FromSpacing(1, 1, 2)), NiftiDataType.UInt8);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_run_keeps_everything_and_changes_no_byte()
    {
        Assert.Equal((6, 0), Counts(Samples.Prepare(_folder["store"], null, _folder["set"])));
        var before = Samples.Snapshot(_folder["store"]);
        Assert.Equal((0, 6), Counts(Samples.Prepare(_folder["store"], null, _folder["set"])));
        Assert.Equal(before, Samples.Snapshot(_folder["store"]));
    }

    [Fact]
    public void Workers_and_place_do_not_change_a_byte()
    {
        Samples.Prepare(_folder["one"], new PrepareSettings { Workers = 1 }, _folder["set"]);
        Samples.Prepare(_folder["many"], new PrepareSettings { Workers = 5, MemoryBytes = 1 }, _folder["set"]);
        Directory.CreateDirectory(_folder["elsewhere"]);
        Directory.Move(_folder["set"], _folder["elsewhere/set"]);
        Samples.Prepare(_folder["moved"], null, _folder["elsewhere/set"]);
        Assert.Equal(Samples.Snapshot(_folder["one"]), Samples.Snapshot(_folder["many"]));
        Assert.Equal(Samples.Snapshot(_folder["one"]), Samples.Snapshot(_folder["moved"]));
        Assert.DoesNotContain(_folder.Path, File.ReadAllText(Path.Combine(_folder["one"], PreparedStore.ManifestFile)), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_changed_is_made_again_and_what_is_gone_is_removed()
    {
        Samples.Prepare(_folder["store"], null, _folder["set"]);
        Samples.Nifti(_folder["set/images/1.nii.gz"], Samples.Volume(6, 5, 4, 77));
        Samples.Nifti(_folder["set/images/new.nii.gz"], Samples.Volume(6, 5, 4, 78));
        File.Delete(_folder["set/images/2.nii.gz"]);
        var summary = Samples.Prepare(_folder["store"], null, _folder["set"]);
        Assert.Equal((2, 4, 1), (summary.Written, summary.Kept, summary.Removed));
        Assert.False(Directory.Exists(_folder["store/cases/set-images-2"]));
    }

    [Fact]
    public void A_changed_mask_or_setting_makes_cases_again_but_a_new_seed_does_not()
    {
        Samples.Prepare(_folder["store"], null, _folder["set"]);
        File.Delete(_folder["set/labels/3.nii.gz"]);
        Assert.Equal((1, 5), Counts(Samples.Prepare(_folder["store"], null, _folder["set"])));
        Assert.Equal((0, 6), Counts(Samples.Prepare(_folder["store"], new PrepareSettings { Seed = 9 }, _folder["set"])));
        Assert.Equal((6, 0), Counts(Samples.Prepare(_folder["store"], new PrepareSettings { HighPercentile = 90 }, _folder["set"])));
    }

    [Theory]
    [InlineData("image.npy")]
    [InlineData("mask.npy")]
    [InlineData("case.json")]
    public void A_damaged_array_is_found_and_made_again(string file)
    {
        Samples.Prepare(_folder["store"], null, _folder["set"]);
        var before = Samples.Snapshot(_folder["store"]);
        var path = Path.Combine(_folder["store/cases/set-images-4"], file);
        var bytes = File.ReadAllBytes(path);
        bytes[^2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal((1, 5), Counts(Samples.Prepare(_folder["store"], null, _folder["set"])));
        Assert.Equal(before, Samples.Snapshot(_folder["store"]));
    }

    [Fact]
    public void An_interrupted_run_goes_on_where_it_was()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Immediate(p =>
        {
            if (p.Done == 2)
                stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => new Preparer(new PrepareSettings { Workers = 1 }).Run([_folder["set"]], _folder["store"], progress, stop.Token));
        Assert.False(File.Exists(Path.Combine(_folder["store"], PreparedStore.ManifestFile)));
        Assert.Equal((4, 2), Counts(Samples.Prepare(_folder["store"], null, _folder["set"])));
    }

    [Fact]
    public void Progress_tells_the_space_needed_first_and_counts_every_case()
    {
        var reports = new List<PrepareProgress>();
        new Preparer(new PrepareSettings { Workers = 1 }).Run([_folder["set"]], _folder["store"], new Immediate(reports.Add), TestContext.Current.CancellationToken);
        Assert.Equal(new PrepareProgress(0, 6, null, 6 * 120 * 3), reports[0]);
        Assert.Equal(Enumerable.Range(0, 7), reports.Select(r => r.Done));
    }

    [Fact]
    public void Files_that_are_not_the_stores_own_are_left_alone()
    {
        File.WriteAllText(Samples.Folder(_folder["store/cases/mine/notes.txt"]), "keep me");
        Samples.Prepare(_folder["store"], null, _folder["set"]);
        Assert.True(File.Exists(_folder["store/cases/mine/notes.txt"]));
    }

    private static (int Written, int Kept) Counts(PrepareSummary summary) => (summary.Written, summary.Kept);

    private sealed class Immediate(Action<PrepareProgress> tell) : IProgress<PrepareProgress>
    {
        public void Report(PrepareProgress value) => tell(value);
    }
}
