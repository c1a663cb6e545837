namespace Conjoint.Data.Augmentation;

/// <summary>
/// The ziggurat of Marsaglia and Tsang (2000) for the standard normal distribution: 256 layers of equal area under
/// f(x) = exp(-x²/2). 99 draws of 100 cost one multiplication; the rest fall into a wedge beside a layer or into the tail.
/// </summary>
internal static class NormalZiggurat
{
    private const int Layers = 256;
    private const double TailStart = 3.6541528853610088;      // where the lowest layer ends
    private const double LayerArea = 0.00492867323397465524;  // TailStart f(TailStart) + the area of the tail

    private static readonly double[] Edges = MakeEdges();
    private static readonly double[] Heights = Array.ConvertAll(Edges, Density);

    public static double Draw(RandomStream random)
    {
        while (true)
        {
            var bits = random.NextBits();
            var layer = (int)(bits & (Layers - 1));
            var x = ((long)bits >> 10) * (1.0 / (1L << 53)) * Edges[layer]; // 54 signed bits, none shared with the layer
            if (Math.Abs(x) < Edges[layer + 1])
            {
                return x;
            }

            if (layer == 0)
            {
                return x < 0 ? -Tail(random) : Tail(random);
            }

            var height = Heights[layer] + random.NextDouble() * (Heights[layer + 1] - Heights[layer]);
            if (height < Density(x))
            {
                return x;
            }
        }
    }

    /// <summary>A draw beyond TailStart (Marsaglia, 1964).</summary>
    private static double Tail(RandomStream random)
    {
        while (true)
        {
            var beyond = -Math.Log(1 - random.NextDouble()) / TailStart;
            var height = -Math.Log(1 - random.NextDouble());
            if (2 * height > beyond * beyond)
            {
                return TailStart + beyond;
            }
        }
    }

    private static double Density(double x) => Math.Exp(-0.5 * x * x);

    private static double[] MakeEdges()
    {
        var edges = new double[Layers + 1];
        edges[0] = LayerArea / Density(TailStart); // the lowest layer as a rectangle of the same area, tail included
        edges[1] = TailStart;
        for (var i = 2; i < Layers; i++)
        {
            edges[i] = Math.Sqrt(-2 * Math.Log(LayerArea / edges[i - 1] + Density(edges[i - 1])));
        }

        return edges; // the last edge is 0: the top layer ends at the peak
    }
}
