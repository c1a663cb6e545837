namespace Conjoint.Nets.Detection;

/// <summary>How much each cell of a map counts in each bin of one region.</summary>
/// <remarks>A bilinear weight is a row's times a column's, and so is the mean over a grid of samples: the two axes are kept apart.</remarks>
internal sealed class RegionWeights
{
    // A bin of more samples than this along an axis means a box far larger than any image; it would take for ever.
    private const int MostPerBin = 4096;

    private readonly CellWeight[][] _rows;
    private readonly CellWeight[][] _columns;
    private readonly int _mapWidth;

    private RegionWeights(int image, CellWeight[][] rows, CellWeight[][] columns, int mapWidth) =>
        (Image, _rows, _columns, _mapWidth) = (image, rows, columns, mapWidth);

    /// <summary>Index of the image in the batch.</summary>
    public int Image { get; }

    /// <summary>Lays bins and samples over a region.</summary>
    /// <param name="region">The region, on the image.</param>
    /// <param name="pooling">Bins and samples in them.</param>
    /// <param name="scale">Cells of the map a pixel of the image.</param>
    /// <param name="height">Rows of the map.</param>
    /// <param name="width">Columns of the map.</param>
    public static RegionWeights Of(in Region region, RoiAlign pooling, double scale, int height, int width)
    {
        var box = region.Box;
        return new RegionWeights(
            region.Image,
            Axis(box.Y1 * scale, box.Y2 * scale, pooling.Height, pooling, height),
            Axis(box.X1 * scale, box.X2 * scale, pooling.Width, pooling, width),
            width);
    }

    /// <summary>Every pair of bin and cell with a weight, bin by bin; both counted along the rows.</summary>
    public IEnumerable<(int Bin, int Cell, double Weight)> Pairs()
    {
        for (var y = 0; y < _rows.Length; y++)
        {
            for (var x = 0; x < _columns.Length; x++)
            {
                foreach (var row in _rows[y])
                {
                    foreach (var column in _columns[x])
                        yield return (y * _columns.Length + x, row.Cell * _mapWidth + column.Cell, row.Weight * column.Weight);
                }
            }
        }
    }

    /// <summary>The cells of each bin along one axis.</summary>
    private static CellWeight[][] Axis(double begin, double end, int bins, RoiAlign pooling, int cells)
    {
        // A box counts pixel edges, a map cell centres: half a cell apart.
        var start = pooling.Aligned ? begin - 0.5 : begin;
        var length = pooling.Aligned ? end - begin : Math.Max(end - begin, 1);
        var bin = length / bins;
        var samples = pooling.SamplingRatio > 0 ? pooling.SamplingRatio : Math.Ceiling(bin);
        if (samples > MostPerBin)
            throw new ArgumentException($"RoiAlign: {samples:g4} samples in a bin are more than {MostPerBin}; clip boxes to their image first.", nameof(pooling));

        var weights = new CellWeight[bins][];
        for (var b = 0; b < bins; b++)
        {
            var near = new List<CellWeight>();
            for (var s = 0; s < samples; s++)
                AddSample(near, start + b * bin + (s + 0.5) * bin / samples, cells, 1 / samples);
            weights[b] = [.. near];
        }

        return weights;
    }

    /// <summary>Shares a sample's weight between the cells before and after it; 0 is the centre of the first cell.</summary>
    private static void AddSample(List<CellWeight> near, double position, int cells, double weight)
    {
        if (!(position >= -1 && position <= cells))
            return; // further than one cell outside: zero
        var inside = Math.Clamp(position, 0, cells - 1);
        var low = (int)inside;
        var fraction = inside - low;
        Add(near, low, weight * (1 - fraction));
        if (fraction > 0)
            Add(near, low + 1, weight * fraction);
    }

    private static void Add(List<CellWeight> near, int cell, double weight)
    {
        // Samples go one way, so that a cell met before is among the last two.
        var known = near.FindLastIndex(near.Count - 1, Math.Min(2, near.Count), w => w.Cell == cell);
        if (known < 0)
            near.Add(new CellWeight(cell, weight));
        else
            near[known] = new CellWeight(cell, near[known].Weight + weight);
    }

    private readonly record struct CellWeight(int Cell, double Weight);
}
