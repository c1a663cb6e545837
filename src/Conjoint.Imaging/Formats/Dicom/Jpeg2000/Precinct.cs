namespace Conjoint.Imaging.Jpeg2000;

/// <summary>The code-blocks of all bands of a resolution that share their packets.</summary>
internal sealed class Precinct
{
    public Precinct(IReadOnlyList<Resolution.Band> bands, Bounds cell, int blockWidth, int blockHeight, ref long blocksLeft)
    {
        var parts = new Part[bands.Count];
        for (var b = 0; b < parts.Length; b++)
            parts[b] = MakePart(bands[b], cell.Intersect(bands[b].Bounds), blockWidth, blockHeight, ref blocksLeft);
        Parts = parts;
    }

    public IReadOnlyList<Part> Parts { get; }

    /// <summary>A precinct's blocks in one band, row by row.</summary>
    internal sealed record Part(Resolution.Band Band, int Across, IReadOnlyList<CodeBlock> Blocks)
    {
        public required TagTree Inclusion { get; init; }

        public required TagTree ZeroPlanes { get; init; }
    }

    private static Part MakePart(Resolution.Band band, Bounds inside, int blockWidth, int blockHeight, ref long blocksLeft)
    {
        if (inside.IsEmpty)
            return new Part(band, 0, []) { Inclusion = new TagTree(0, 0), ZeroPlanes = new TagTree(0, 0) };
        int left = inside.X0 >> blockWidth, top = inside.Y0 >> blockHeight;
        int across = ((inside.X1 - 1) >> blockWidth) - left + 1, down = ((inside.Y1 - 1) >> blockHeight) - top + 1;
        blocksLeft -= (long)across * down;
        if (blocksLeft < 0)
            throw new InvalidDataException("it has more code-blocks than its bytes can hold");
        var blocks = new CodeBlock[across * down];
        for (var i = 0; i < blocks.Length; i++)
        {
            int x = (left + i % across) << blockWidth, y = (top + i / across) << blockHeight;
            var bounds = new Bounds(x, y, x + (1 << blockWidth), y + (1 << blockHeight)).Intersect(inside);
            blocks[i] = new CodeBlock(bounds.X0 - band.Bounds.X0, bounds.Y0 - band.Bounds.Y0, bounds.Width, bounds.Height);
        }

        return new Part(band, across, blocks) { Inclusion = new TagTree(across, down), ZeroPlanes = new TagTree(across, down) };
    }
}
