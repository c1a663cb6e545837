using Conjoint.TestSupport;

namespace Conjoint.Cli.Tests.EndToEnd;

/// <summary>A store of small volumes, and the command lines that pre-train on it in a second.</summary>
public sealed class SmallPretraining : IDisposable
{
    public SmallPretraining()
    {
        Samples.WriteFolder(Folder["raw"]);
        Prepare = CliRun.Of("prepare", Folder["raw"], "--out", Folder["store"], "--dataset", "boxes");
    }

    public TemporaryFolder Folder { get; } = new();

    internal CliRun Prepare { get; }

    /// <summary>All stages of preset tiny, made narrower still.</summary>
    public string[] Line(string run, string method, int steps, params string[] more) =>
    [
        "pretrain", "--data", Folder["store"], "--out", Folder[run], "--preset", "tiny", "--method", method, "--device", "cpu", "--seed", "3", "--set",
        "threads=1", "slice_encoder.base_width=4", "slice_encoder.blocks=[1,1,1,1]", "volume_encoder.layers=1",
        $"slices.steps={steps}", "slices.batch=8", $"masked.steps={steps}", "masked.batch=2", "masked.size=16", $"volumes.steps={steps}", "volumes.batch=2", "volumes.size=16",
        .. more,
    ];

    public void Dispose() => Folder.Dispose();
}
