using Conjoint.Training;

namespace Conjoint.Benchmarks.Cells;

/// <summary>Passes on a cell's steps and warnings under the cell's name; its log would drown the table's.</summary>
internal sealed class CellObserver(IRunObserver outer, string cell) : IRunObserver
{
    public void Log(string message)
    {
    }

    public void Warn(string message) => outer.Warn($"{cell}: {message}");

    public void Step(StepProgress progress) => outer.Step(progress with { Stage = $"{cell} {progress.Stage}" });
}
