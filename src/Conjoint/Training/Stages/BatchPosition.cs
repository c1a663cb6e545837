namespace Conjoint.Training.Stages;

/// <summary>Where in a stage a batch stands.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Batch">Its number in the epoch, from 0.</param>
/// <param name="Step">Steps of the stage done before it.</param>
internal readonly record struct BatchPosition(int Epoch, int Batch, long Step);
