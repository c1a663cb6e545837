namespace Conjoint.Training;

/// <summary>Where a run stands after an optimiser step.</summary>
/// <param name="Stage">The stage: <c>slices</c>, <c>masked</c>, <c>volumes</c> or <c>finetune</c>.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Epochs">Epochs of the stage.</param>
/// <param name="Step">Steps of the stage that are done, this one included.</param>
/// <param name="Steps">Steps of the stage.</param>
/// <param name="Loss">This step's loss.</param>
/// <param name="LearningRate">The rate that the step used.</param>
/// <param name="SamplesPerSecond">Slices or volumes that went through since the last report, by the clock.</param>
/// <param name="DataWaitFraction">The share of that time in which the step waited for data; in [0, 1].</param>
public sealed record StepProgress(
    string Stage,
    int Epoch,
    int Epochs,
    long Step,
    long Steps,
    double Loss,
    double LearningRate,
    double SamplesPerSecond,
    double DataWaitFraction);
