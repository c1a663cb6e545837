namespace Conjoint.Imaging.Jpeg2000;

/// <summary>A tree of minima over a grid, whose values become known bit by bit (T.800 B.10.2).</summary>
internal sealed class TagTree
{
    private readonly List<(int Width, int Start)> _levels = [];
    private readonly int[] _lower;
    private readonly bool[] _isKnown;

    public TagTree(int width, int height)
    {
        var count = 0;
        while (true)
        {
            _levels.Add((width, count));
            count += width * height;
            if (width * height <= 1)
                break;
            (width, height) = ((width + 1) / 2, (height + 1) / 2);
        }

        (_lower, _isKnown) = (new int[count], new bool[count]);
    }

    /// <summary>Reads on until it is certain whether the value of a leaf is below a threshold.</summary>
    /// <returns>The value when it is known to be below; otherwise null.</returns>
    public int? Read(PacketBits bits, int x, int y, int threshold)
    {
        var floor = 0;
        for (var level = _levels.Count - 1; level >= 0; level--)
        {
            var (width, start) = _levels[level];
            var node = start + (y >> level) * width + (x >> level);
            _lower[node] = Math.Max(_lower[node], floor);
            while (!_isKnown[node] && _lower[node] < threshold)
            {
                if (bits.Read() == 1)
                    _isKnown[node] = true;
                else
                    _lower[node]++;
            }

            floor = _lower[node];
            if (level == 0)
                return _isKnown[node] && floor < threshold ? floor : null;
        }

        return null;
    }
}
