namespace Conjoint.Cli.Tests;

/// <summary>A command line that can't be meant is refused with exit code 2 and one line.</summary>
public class UsageTests
{
    [Theory]
    [InlineData("prepair", "unknown verb 'prepair'; did you mean 'prepare'? (see 'conjoint --help').")]
    [InlineData("weights shoe", "unknown verb 'shoe'; did you mean 'show'? (see 'conjoint weights --help').")]
    [InlineData("weights", "'conjoint weights' needs a verb; expected one of show, convert (see 'conjoint weights --help').")]
    [InlineData("finetune regress", "unknown verb 'regress'; expected one of segment, classify, detect (see 'conjoint finetune --help').")]
    [InlineData("doctor --jsn", "unknown flag '--jsn' for 'conjoint doctor'; did you mean '--json'? (see 'conjoint doctor --help').")]
    [InlineData("doctor --zzzzzzzz", "unknown flag '--zzzzzzzz' for 'conjoint doctor'; expected one of --json, --verbose, --help (see 'conjoint doctor --help').")]
    [InlineData("doctor now", "unexpected argument 'now' for 'conjoint doctor' (see 'conjoint doctor --help').")]
    [InlineData("inspect", "Required argument 'PATH' missing for command: 'inspect' (see 'conjoint inspect --help').")]
    [InlineData("prepare a", "Option '--out' is required (see 'conjoint prepare --help').")]
    [InlineData("prepare a --out", "Required argument missing for option: '--out' (see 'conjoint prepare --help').")]
    [InlineData("prepare a --out b --as volumes", "--as: received 'volumes'; expected one of auto, volume, images; did you mean volume? (see 'conjoint prepare --help').")]
    [InlineData("prepare a --out b --seed -1", "--seed: received '-1'; expected a whole number at least 0 (see 'conjoint prepare --help').")]
    [InlineData("prepare a --out b --seed x", "--seed: received 'x'; expected a whole number at least 0 (see 'conjoint prepare --help').")]
    [InlineData("prepare a --out b --window liver", "--window: received 'liver'; expected lung, soft-tissue, bone, brain, or two Hounsfield units in order such as -150..250 (see 'conjoint prepare --help').")]
    [InlineData("prepare a --out b --spacing 1,0,1", "--spacing: received '1,0,1'; expected millimetres X,Y,Z between 0.001 and 1000 such as 1,1,2.5, one number for all three, or iso (see 'conjoint prepare --help').")]
    [InlineData("prepare a --out b --crop 4,4", "--crop: received '4,4'; expected three numbers of voxels X,Y,Z such as 192,160,64, or foreground (see 'conjoint prepare --help').")]
    [InlineData("prepare a --out b --pad x", "--pad: received 'x'; expected three numbers of voxels X,Y,Z such as 192,160,64, at most 1073741824 in all (see 'conjoint prepare --help').")]
    [InlineData("prepare a --out b --normalisation zscore", "--normalisation: received 'zscore'; expected one of default, percentile, file-window, released (see 'conjoint prepare --help').")]
    [InlineData("inspect a --out b.png", "--out: names the picture of one store, but 0 of the paths are stores; name one store, or leave --out away")]
    [InlineData("embed --weights a --input b --out c.txt", "--out: received 'c.txt'; expected a name that ends with .npy (see 'conjoint embed --help').")]
    [InlineData("weights show", "expected either FILE or --preset NAME (see 'conjoint weights show --help').")]
    [InlineData("weights show a --preset tiny", "expected either FILE or --preset NAME (see 'conjoint weights show --help').")]
    [InlineData("weights show --preset smal", "preset smal: unknown preset; did you mean small?")]
    public void A_wrong_command_line_is_told_in_one_line(string line, string message)
    {
        var run = CliRun.Of(line.Split(' '));
        Assert.Equal($"conjoint: error: {message}\n", run.Error);
        Assert.Equal("", run.Out);
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public void No_verb_at_all_names_them()
    {
        var run = CliRun.Of();
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("conjoint: error: 'conjoint' needs a verb; expected one of ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_a_number_alone() => Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+\n$", CliRun.Of("--version").Out);

    [Fact]
    public void A_name_may_begin_with_an_at_sign()
    {
        // Elsewhere @name stands for a file of further arguments.
        var run = CliRun.Of("inspect", "@none");
        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("conjoint: error: @none: ", run.Error, StringComparison.Ordinal);
    }
}
