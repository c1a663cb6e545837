using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Tests.Nets;

/// <summary>Eq. (6)–(8) in plain loops, one volume, slow and obvious.</summary>
internal static class ReferenceAttention
{
    public static Tensor Forward(DeformableAttention1d attention, VolumeEncoderSettings settings, Tensor tokens)
    {
        double[,] Matrix(string name)
        {
            using var parameter = attention.get_parameter(name)!.detach();
            var matrix = new double[parameter.shape[0], parameter.numel() / parameter.shape[0]];
            Buffer.BlockCopy(parameter.reshape(-1).data<double>().ToArray(), 0, matrix, 0, matrix.Length * sizeof(double));
            return matrix;
        }

        var (n, heads, w) = ((int)tokens.shape[0], settings.Heads, settings.HeadWidth);
        var y = new double[n, settings.Width];
        Buffer.BlockCopy(tokens.reshape(-1).data<double>().ToArray(), 0, y, 0, y.Length * sizeof(double));
        var (q, k, v) = (Project(y, Matrix("to_q.weight")), Project(y, Matrix("to_k.weight")), Project(y, Matrix("to_v.weight")));
        var (table, depth, depthBias, point) = (Matrix("bias_table"), Matrix("offset.depthwise.weight"), Matrix("offset.depthwise.bias"), Matrix("offset.pointwise.weight"));
        var m = (Math.Max(n, 4) + 2 - 6) / 4 + 1;

        var concatenated = new double[n, heads * w];
        for (var h = 0; h < heads; h++)
        {
            var position = new double[m];
            for (var j = 0; j < m; j++)
            {
                var sum = 0.0;
                for (var c = 0; c < w; c++)
                {
                    var x = depthBias[c, 0];
                    for (var t = 0; t < 6; t++)
                    {
                        var slice = 4 * j + t - 1;
                        x += depth[c, t] * (slice >= 0 && slice < n ? q[slice, h * w + c] : 0);
                    }

                    sum += point[0, c] * 0.5 * x * (1 + Erf(x / Math.Sqrt(2)));
                }

                position[j] = Math.Clamp((j + 0.5 + 2 * Math.Tanh(sum)) * n / m - 0.5, 0, n - 1);
            }

            for (var i = 0; i < n; i++)
            {
                var logits = new double[m];
                for (var j = 0; j < m; j++)
                {
                    var at = ((i - position[j]) / Math.Max(n - 1, 1) + 1) * (settings.PositionTable - 1);
                    var entry = Math.Min((int)at, 2 * settings.PositionTable - 3);
                    logits[j] = table[h, entry] * (1 - (at - entry)) + table[h, entry + 1] * (at - entry);
                    for (var c = 0; c < w; c++)
                        logits[j] += q[i, h * w + c] * Between(k, position[j], h * w + c) / Math.Sqrt(w);
                }

                var weights = logits.Select(l => Math.Exp(l - logits.Max())).ToArray();
                for (var c = 0; c < w; c++)
                    concatenated[i, h * w + c] = Enumerable.Range(0, m).Sum(j => weights[j] / weights.Sum() * Between(v, position[j], h * w + c));
            }
        }

        var (outWeight, outBias) = (Matrix("to_out.weight"), Matrix("to_out.bias"));
        var result = Project(concatenated, outWeight);
        for (var i = 0; i < n; i++)
        {
            for (var f = 0; f < settings.Width; f++)
                result[i, f] += outBias[f, 0];
        }

        return tensor(result);
    }

    private static double Between(double[,] rows, double position, int column)
    {
        var below = (int)position;
        var above = Math.Min(below + 1, rows.GetLength(0) - 1);
        return rows[below, column] * (1 - (position - below)) + rows[above, column] * (position - below);
    }

    private static double[,] Project(double[,] rows, double[,] weight)
    {
        var result = new double[rows.GetLength(0), weight.GetLength(0)];
        for (var i = 0; i < result.GetLength(0); i++)
        {
            for (var o = 0; o < result.GetLength(1); o++)
            {
                for (var f = 0; f < rows.GetLength(1); f++)
                    result[i, o] += rows[i, f] * weight[o, f];
            }
        }

        return result;
    }

    private static double Erf(double x) => MathNet.Numerics.SpecialFunctions.Erf(x);
}
