namespace Conjoint.Imaging.Jpeg2000;

/// <summary>How a tile-component is coded (COD, COC: T.800 A.6.1, A.6.2).</summary>
internal sealed record CodingStyle
{
    /// <summary>Numbers of the wavelet's levels.</summary>
    public required int Levels { get; init; }

    /// <summary>Exponents of a code-block's width and height.</summary>
    public required int BlockWidth { get; init; }

    public required int BlockHeight { get; init; }

    public required BlockModes Modes { get; init; }

    /// <summary>Whether the wavelet is the reversible 5/3; else the 9/7.</summary>
    public required bool IsReversible { get; init; }

    /// <summary>Exponents of the precincts' widths and heights, resolution after resolution.</summary>
    public required IReadOnlyList<(int Width, int Height)> Precincts { get; init; }
}

/// <summary>Variants of the coding of blocks (T.800 table A.19).</summary>
[Flags]
internal enum BlockModes
{
    None = 0,
    Bypass = 1,
    Reset = 2,
    Terminate = 4,
    VerticallyCausal = 8,
    PredictableTermination = 16,
    SegmentationSymbols = 32,
}

/// <summary>What holds for all components of a tile (COD).</summary>
/// <param name="Progression">Order of the packets: 0 LRCP, 1 RLCP, 2 RPCL, 3 PCRL, 4 CPRL.</param>
/// <param name="Layers">Layers of quality.</param>
/// <param name="HasColourTransform">Whether the first three components are transformed.</param>
internal sealed record TileStyle(int Progression, int Layers, bool HasColourTransform);

/// <summary>Sizes of quantisation steps (QCD, QCC: T.800 A.6.4, A.6.5).</summary>
/// <param name="Style">0 none, 1 derived from the first, 2 each stated.</param>
/// <param name="GuardBits">Bits of head-room.</param>
/// <param name="Steps">Exponents and mantissas, sub-band after sub-band.</param>
internal sealed record Quantisation(int Style, int GuardBits, IReadOnlyList<(int Exponent, int Mantissa)> Steps)
{
    /// <summary>Exponent and mantissa of a sub-band (equation E-5).</summary>
    /// <param name="resolution">From 0.</param>
    /// <param name="band">0 for the only one of resolution 0, else 0 to 2: HL, LH, HH.</param>
    public (int Exponent, int Mantissa) Step(int resolution, int band)
    {
        if (Style == 1)
            return (Math.Max(0, Steps[0].Exponent - Math.Max(0, resolution - 1)), Steps[0].Mantissa);
        var index = resolution == 0 ? 0 : 3 * (resolution - 1) + 1 + band;
        return index < Steps.Count ? Steps[index] : throw new InvalidDataException("it lacks steps of quantisation");
    }
}

/// <summary>One component of the image (SIZ).</summary>
/// <param name="Bits">Bits of a sample.</param>
/// <param name="IsSigned">Whether samples have a sign.</param>
internal readonly record struct Component(int Bits, bool IsSigned);
