using Conjoint.Runtime;
using Conjoint.Training.Checkpoints;
using Conjoint.Training.Monitoring;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>What surrounds a stage while it runs.</summary>
/// <param name="Log">metrics.jsonl and the event file.</param>
/// <param name="Observer">Who watches.</param>
/// <param name="Checkpoints">Where the state goes.</param>
/// <param name="DataFingerprint">Which samples the run has.</param>
/// <param name="Device">Where tensors are computed.</param>
/// <param name="Precision">Number format of the heavy operations.</param>
internal sealed record StageSurroundings(RunLog Log, IRunObserver Observer, CheckpointWriter Checkpoints, string DataFingerprint, Device Device, Precision Precision);
