namespace Conjoint.Runtime;

/// <summary>How a volume comes to the size that the nets take.</summary>
public enum SliceFit
{
    /// <summary>ours, where the paper says nothing: each slice is resized with its proportions kept and centred on zeros; no slice is added.</summary>
    Resize,

    /// <summary>released: nothing is resized; the middle is cut out, or zeros are put around, along all three axes.</summary>
    CropOrPad,
}
