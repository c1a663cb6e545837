using FsCheck.Xunit;

namespace Conjoint.Imaging.Tests.Numerics;

public sealed class AxisReversalTests
{
    [Property(MaxTest = 60)]
    public void Every_element_goes_to_the_reversed_index(byte a, byte b, byte c, byte d)
    {
        int[] shape = [a % 40 + 1, b % 5 + 1, c % 4 + 1, d % 50 + 1];
        var source = Enumerable.Range(0, shape.Aggregate((x, y) => x * y)).ToArray();
        var reversed = new int[source.Length];
        AxisReversal.Apply<int>(source, shape, reversed);

        var from = 0;
        for (var i = 0; i < shape[0]; i++)
        {
            for (var j = 0; j < shape[1]; j++)
            {
                for (var k = 0; k < shape[2]; k++)
                {
                    for (var l = 0; l < shape[3]; l++)
                        Assert.Equal(source[from++], reversed[i + shape[0] * (j + shape[1] * (k + shape[2] * l))]);
                }
            }
        }
    }
}
