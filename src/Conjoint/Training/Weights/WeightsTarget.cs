namespace Conjoint.Training;

/// <summary>What weights are converted to.</summary>
public enum WeightsTarget
{
    /// <summary>The slice encoder alone, under torchvision's names; its <c>resnet50</c> takes them strictly once <c>fc</c> is an identity.</summary>
    Torchvision,

    /// <summary>Every tensor under its own name, with a card.</summary>
    Safetensors,

    /// <summary>The names of the authors' release; for weights of preset <c>released</c> only.</summary>
    Released,
}
