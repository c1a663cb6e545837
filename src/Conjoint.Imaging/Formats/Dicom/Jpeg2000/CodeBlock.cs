namespace Conjoint.Imaging.Jpeg2000;

/// <summary>A block of a sub-band's coefficients, with the pieces of code that packets brought for it.</summary>
/// <param name="X">Left edge in the sub-band's array.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
internal sealed record CodeBlock(int X, int Y, int Width, int Height)
{
    /// <summary>Leading bit-planes that are all zero; null before the block's first packet.</summary>
    public int? ZeroPlanes { get; set; }

    /// <summary>State of the lengths' coding.</summary>
    public int LengthBits { get; set; } = 3;

    /// <summary>Coding passes so far.</summary>
    public int Passes { get; set; }

    /// <summary>Runs of passes that end with a termination of the coder.</summary>
    public List<Segment> Segments { get; } = [];

    /// <summary>A run of passes and its code, in pieces of the tile's data.</summary>
    internal sealed class Segment(int maxPasses)
    {
        public int MaxPasses { get; } = maxPasses;

        public int Passes { get; set; }

        public List<(int Offset, int Length)> Pieces { get; } = [];
    }

    /// <summary>The segment that takes the next pass.</summary>
    public Segment Open(BlockModes modes)
    {
        if (Segments.Count > 0 && Segments[^1].Passes < Segments[^1].MaxPasses)
            return Segments[^1];
        var segment = new Segment(
            modes.HasFlag(BlockModes.Terminate) ? 1
            : !modes.HasFlag(BlockModes.Bypass) ? int.MaxValue
            // Ten coded passes; then by turns two raw ones and a coded one (table D.9).
            : Segments.Count == 0 ? 10 : Segments.Count % 2 == 1 ? 2 : 1);
        Segments.Add(segment);
        return segment;
    }
}
