namespace Conjoint.Training.Checkpoints;

/// <summary>Where a run stands: everything up to here is done.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="FirstPass">Whether the pass before training is still under way; then <paramref name="Batch"/> counts its batches.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Batch">Batches of the epoch that are done.</param>
/// <param name="Step">Steps of the stage that are done.</param>
internal sealed record StagePosition(string Stage, bool FirstPass, int Epoch, int Batch, long Step);
