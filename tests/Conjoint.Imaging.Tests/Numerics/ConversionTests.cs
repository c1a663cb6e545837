using System.Runtime.InteropServices;

namespace Conjoint.Imaging.Tests.Numerics;

public sealed class ConversionTests
{
    [Fact]
    public void Every_half_widens_to_the_same_bits_as_the_scalar_conversion()
    {
        var halves = Enumerable.Range(0, 65536).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).ToArray();
        var singles = new float[halves.Length];
        HalfConversion.ToSingle(halves, singles);
        for (var i = 0; i < halves.Length; i++)
        {
            if (Half.IsNaN(halves[i]))
                Assert.True(float.IsNaN(singles[i]));
            else
                Assert.Equal(BitConverter.SingleToInt32Bits((float)halves[i]), BitConverter.SingleToInt32Bits(singles[i]));
        }
    }

    [Fact]
    public void A_short_destination_for_halves_is_refused() =>
        Assert.Throws<ArgumentException>(() => HalfConversion.ToSingle(new Half[3], new float[2]));

    /// <summary>Wherever it stands: in a whole vector, or among the few values after the last one.</summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void One_value_that_is_no_number_is_found_in_any_place(float bad)
    {
        for (var count = 0; count <= 37; count++)
        {
            var values = Enumerable.Range(0, count).Select(i => i % 2 == 0 ? float.MaxValue : -float.Epsilon).ToArray();
            Assert.True(FiniteValues.All(values));
            for (var i = 0; i < count; i++)
            {
                var before = values[i];
                values[i] = bad;
                Assert.False(FiniteValues.All(values));
                values[i] = before;
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(200)]
    public void Whole_spans_convert_as_single_values_do(int count)
    {
        Compare<byte>(count, value => value);
        Compare<sbyte>(count, value => value);
        Compare<short>(count, value => value);
        Compare<ushort>(count, value => value);
        Compare<int>(count, value => value);
        Compare<uint>(count, value => value);
        Compare<long>(count, value => value);
        Compare<ulong>(count, value => value);
        Compare<float>(count, value => value);
        Compare<double>(count, value => value);
        Compare<Half>(count, value => (double)value);
    }

    [Fact]
    public void Any_byte_but_zero_is_true()
    {
        var values = new float[3];
        ElementConversion.ToSingle([0, 1, 7], ElementType.Bool, values);
        Assert.Equal([0, 1, 1], values);
    }

    [Theory]
    [InlineData(1, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData(2, new byte[] { 2, 1, 4, 3, 6, 5, 8, 7 })]
    [InlineData(4, new byte[] { 4, 3, 2, 1, 8, 7, 6, 5 })]
    [InlineData(8, new byte[] { 8, 7, 6, 5, 4, 3, 2, 1 })]
    public void Bytes_are_reversed_within_each_value(int size, byte[] expected)
    {
        byte[] bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        ElementConversion.ReverseBytes(bytes, size);
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(67)]
    public void Slope_and_intercept_are_applied_in_double_and_rounded_once(int count)
    {
        var random = new Random(count);
        double[] exact = [.. Enumerable.Range(0, count).Select(_ => Math.Round(random.NextDouble() * 65535))];
        float[] singles = [.. exact.Select(v => (float)v)], rounded = new float[count];
        double[] doubles = [.. exact];
        ElementConversion.Scale(singles, 0.0027581409085541964, -1024.1);
        ElementConversion.Scale(doubles, 0.0027581409085541964, -1024.1);
        ElementConversion.ToSingle(doubles, rounded);
        for (var i = 0; i < count; i++)
        {
            var expected = exact[i] * 0.0027581409085541964 + -1024.1;
            Assert.Equal((expected, (float)expected, (float)expected), (doubles[i], singles[i], rounded[i]));
        }
    }

    [Fact]
    public void The_checksum_has_its_published_check_value()
    {
        var text = "123456789"u8;
        Assert.Equal(0xCBF43926u, Crc32.Compute(text));
        Assert.Equal(0xCBF43926u, Crc32.Compute(text[4..], Crc32.Compute(text[..4])));
        Assert.Equal(0u, Crc32.Compute([]));
    }

    private static void Compare<T>(int count, Func<T, double> convert)
        where T : unmanaged
    {
        var values = new T[count];
        new Random(count).NextBytes(MemoryMarshal.AsBytes(values.AsSpan()));
        var singles = new float[count];
        var doubles = new double[count];
        ElementConversion.ToSingle(MemoryMarshal.AsBytes(values.AsSpan()), ElementTypes.Of<T>(), singles);
        ElementConversion.ToDouble(MemoryMarshal.AsBytes(values.AsSpan()), ElementTypes.Of<T>(), doubles);
        for (var i = 0; i < count; i++)
        {
            // 64-bit integers are rounded once on their way to single; going through double may differ in the last bit.
            var expected = convert(values[i]);
            var tolerance = values[i] is long or ulong ? Math.Abs(expected) * 6e-8 : 0;
            Assert.True(doubles[i].Equals(expected), $"{typeof(T).Name} {values[i]} became {doubles[i]}");
            Assert.True(singles[i].Equals((float)expected) || Math.Abs(singles[i] - expected) <= tolerance, $"{typeof(T).Name} {values[i]} became {singles[i]}");
        }
    }
}
