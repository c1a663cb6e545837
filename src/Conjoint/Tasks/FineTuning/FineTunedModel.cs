using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Training;

namespace Conjoint.Tasks.FineTuning;

/// <summary>Tells what a fine-tuned model does, by its weights' card.</summary>
public static class FineTunedModel
{
    /// <summary>The word for a model that gives every pixel a class.</summary>
    public const string Segment = "segment";

    /// <summary>The word for a model that gives every volume or image a class.</summary>
    public const string Classify = "classify";

    /// <summary>The word for a model that finds boxes on images.</summary>
    public const string Detect = "detect";

    /// <summary>The task of a model.</summary>
    /// <param name="model">The folder of a finished fine-tuning run, or its weights.</param>
    /// <returns><see cref="Segment"/>, <see cref="Classify"/> or <see cref="Detect"/>.</returns>
    /// <exception cref="InputDataException">There is no such model, or it was not fine-tuned.</exception>
    public static string TaskOf(string model)
    {
        var path = PathOf(model);
        return WeightsFile.ReadCard(path).Task is (Segment or Classify or Detect) and { } task
            ? task
            : throw new InputDataException(path, $"weights of no labelled task; expected the result of 'conjoint finetune {Segment}', '{Classify}' or '{Detect}'.");
    }

    /// <summary>The weights of a model.</summary>
    /// <exception cref="InputDataException">There is no such model.</exception>
    internal static string PathOf(string model) =>
        WeightsSource.Find(model) ?? throw new InputDataException(model, "no model; expected the folder of a fine-tuning run.");
}
