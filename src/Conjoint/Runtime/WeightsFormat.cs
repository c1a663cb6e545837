namespace Conjoint.Runtime;

/// <summary>The formats of weights files.</summary>
public enum WeightsFormat
{
    /// <summary>A JSON header and plain data.</summary>
    Safetensors,

    /// <summary>A checkpoint as <c>torch.save</c> writes it: a zip archive, or several pickles before PyTorch 1.6.</summary>
    PyTorch,
}
