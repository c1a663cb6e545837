namespace Conjoint.Imaging.Jpeg2000;

/// <summary>Decodes one tile: packets, blocks, wavelet, colours, level.</summary>
internal sealed class TileDecoder
{
    private readonly Codestream _stream;
    private readonly Codestream.Tile _tile;
    private readonly Bounds _bounds;
    private readonly byte[] _data;
    private readonly BlockDecoder _blocks = new();

    public TileDecoder(Codestream stream, Codestream.Tile tile)
    {
        (_stream, _tile, _data) = (stream, tile, tile.Data.ToArray());
        var (column, row) = (tile.Index % stream.TilesAcross, tile.Index / stream.TilesAcross);
        long left = stream.TileX0 + (long)column * stream.TileWidth, top = stream.TileY0 + (long)row * stream.TileHeight;
        _bounds = new Bounds(
            (int)Math.Max(left, stream.X0), (int)Math.Max(top, stream.Y0),
            (int)Math.Min(left + stream.TileWidth, stream.X1), (int)Math.Min(top + stream.TileHeight, stream.Y1));
    }

    /// <summary>Writes the tile's samples into the image.</summary>
    public void Decode(Span<uint> image, int imageWidth)
    {
        var style = _tile.Parameters.Style ?? throw new InvalidDataException("it has no coding style");
        var components = new List<(Resolution[] Resolutions, CodingStyle Style)>();
        for (var c = 0; c < _stream.Components.Count; c++)
        {
            var coding = _tile.Parameters.CodingOf(c);
            // A packet takes a byte at least.
            components.Add(([.. Enumerable.Range(0, coding.Levels + 1).Select(r => new Resolution(_bounds, r, coding, 16L + _data.Length))], coding));
        }

        new PacketReader(_data, style, _bounds, components).Read();
        var planes = new float[components.Count][];
        var whole = new int[components.Count][];
        for (var c = 0; c < components.Count; c++)
        {
            if (components[c].Style.IsReversible)
                whole[c] = Reversible(components[c], c);
            else
                planes[c] = Irreversible(components[c], c);
        }

        if (style.HasColourTransform)
            Recolour(whole, planes);
        for (var c = 0; c < components.Count; c++)
            Store(whole[c] ?? Array.ConvertAll(planes[c], static value => (int)Math.Clamp(MathF.Round(value), int.MinValue / 2, int.MaxValue / 2)), c, image, imageWidth);
    }

    private int[] Reversible((Resolution[] Resolutions, CodingStyle Style) component, int c)
    {
        (Bounds Bounds, int[] Values) low = (default, []);
        foreach (var resolution in component.Resolutions)
        {
            var bands = resolution.Bands.Select(band =>
            {
                var values = new int[band.Bounds.Width * band.Bounds.Height];
                Fill(resolution, band, component.Style, c, (at, coefficient) => values[at] = coefficient / 2);
                return (band.Bounds, values);
            }).ToArray();
            low = (resolution.Bounds, resolution.Number == 0 ? bands[0].values : Wavelet.Combine(resolution.Bounds, low, bands));
        }

        return low.Values;
    }

    private float[] Irreversible((Resolution[] Resolutions, CodingStyle Style) component, int c)
    {
        var quantisation = _tile.Parameters.QuantisationOf(c);
        (Bounds Bounds, float[] Values) low = (default, []);
        foreach (var resolution in component.Resolutions)
        {
            var bands = resolution.Bands.Select(band =>
            {
                // Equation E-3: the nominal range of a band is that of the samples, doubled by each filter for detail.
                var (exponent, mantissa) = quantisation.Step(resolution.Number, band.Index);
                var range = _stream.Components[c].Bits + (resolution.Number == 0 ? 0 : band.Orientation == 2 ? 2 : 1);
                var step = (float)((1 + mantissa / 2048.0) * Math.Pow(2, range - exponent) / 2); // coefficients are doubled
                var values = new float[band.Bounds.Width * band.Bounds.Height];
                Fill(resolution, band, component.Style, c, (at, coefficient) => values[at] = coefficient * step);
                return (band.Bounds, values);
            }).ToArray();
            low = (resolution.Bounds, resolution.Number == 0 ? bands[0].values : Wavelet.Combine(resolution.Bounds, low, bands));
        }

        return low.Values;
    }

    private void Fill(Resolution resolution, Resolution.Band band, CodingStyle style, int component, Action<int, int> put)
    {
        var quantisation = _tile.Parameters.QuantisationOf(component);
        var planes = quantisation.GuardBits + quantisation.Step(resolution.Number, band.Index).Exponent - 1; // equation E-2
        foreach (var part in resolution.UsedPrecincts.Select(precinct => precinct.Parts[band.Index]))
        {
            foreach (var block in part.Blocks.Where(block => block.Passes > 0))
            {
                var coefficients = _blocks.Decode(block, _data, planes, band.Orientation, style.Modes);
                for (var i = 0; i < coefficients.Length; i++)
                    put((block.Y + i / block.Width) * band.Bounds.Width + block.X + i % block.Width, coefficients[i]);
            }
        }
    }

    /// <summary>Turns the first three components back to red, green and blue (T.800 annex G).</summary>
    private static void Recolour(int[][] whole, float[][] planes)
    {
        if (whole.Length < 3)
            return;
        if (whole[0] is { } y && whole[1] is { } u && whole[2] is { } v)
        {
            for (var i = 0; i < y.Length; i++)
            {
                var green = y[i] - ((u[i] + v[i]) >> 2);
                (y[i], u[i], v[i]) = (v[i] + green, green, u[i] + green);
            }
        }
        else if (planes[0] is { } luma && planes[1] is { } blue && planes[2] is { } red)
        {
            for (var i = 0; i < luma.Length; i++)
            {
                var (l, b, r) = (luma[i], blue[i], red[i]);
                (luma[i], blue[i], red[i]) = (l + 1.402f * r, l - 0.344136f * b - 0.714136f * r, l + 1.772f * b);
            }
        }
        else
        {
            throw new InvalidDataException("it mixes wavelets in a colour transform");
        }
    }

    private void Store(int[] values, int component, Span<uint> image, int imageWidth)
    {
        var (bits, isSigned) = _stream.Components[component];
        var level = isSigned ? 0 : 1 << (bits - 1);
        var (least, most) = isSigned ? (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) : (0, (1 << bits) - 1);
        var samples = _stream.Components.Count;
        for (var y = 0; y < _bounds.Height; y++)
        {
            var to = ((_bounds.Y0 - _stream.Y0 + y) * imageWidth + _bounds.X0 - _stream.X0) * samples + component;
            for (var x = 0; x < _bounds.Width; x++, to += samples)
                image[to] = (uint)(int)Math.Clamp((long)values[y * _bounds.Width + x] + level, least, most);
        }
    }
}
