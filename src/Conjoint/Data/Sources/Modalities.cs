using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>The words that tables use for modalities; DICOM's codes among them.</summary>
internal static class Modalities
{
    public static Modality Parse(string text) => text.Trim().ToUpperInvariant() switch
    {
        "" or "UNKNOWN" => Modality.Unknown,
        "CT" => Modality.CT,
        "MR" or "MRI" => Modality.MR,
        "XRAY" or "X-RAY" or "CR" or "DX" or "RX" or "XR" or "RADIOGRAPH" => Modality.XRay,
        _ => Modality.Other,
    };
}
