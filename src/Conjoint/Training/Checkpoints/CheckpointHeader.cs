using Conjoint.Runtime;
using Conjoint.Training.Monitoring;

namespace Conjoint.Training.Checkpoints;

/// <summary>A checkpoint without its tensors.</summary>
/// <param name="Position">Where the run stood.</param>
/// <param name="Log">Where its logs stood.</param>
/// <param name="Data">Fingerprint of the samples; a run cannot go on with others.</param>
/// <param name="Precision">Number format of the heavy operations; a run cannot go on with another.</param>
/// <param name="CollapsedEpochs">Epochs in a row whose embeddings lay on a line.</param>
internal sealed record CheckpointHeader(StagePosition Position, RunLogPosition Log, string Data, Precision Precision, int CollapsedEpochs);
