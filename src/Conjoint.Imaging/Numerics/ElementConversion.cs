using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Conjoint.Imaging;

/// <summary>Stored bytes to numbers, whole spans at a time.</summary>
internal static class ElementConversion
{
    /// <summary>Decodes little-endian values; wide integers and doubles are rounded to the nearest float.</summary>
    /// <param name="source">Exactly as many values as <paramref name="destination"/> holds.</param>
    /// <param name="type">Their encoding.</param>
    /// <param name="destination">Receives the values.</param>
    public static void ToSingle(ReadOnlySpan<byte> source, ElementType type, Span<float> destination)
    {
        switch (type)
        {
            case ElementType.UInt8:
                WidenBytes(source, destination);
                break;
            case ElementType.Int8:
                WidenBytes(MemoryMarshal.Cast<byte, sbyte>(source), destination);
                break;
            case ElementType.Int16:
                WidenShorts(MemoryMarshal.Cast<byte, short>(source), destination);
                break;
            case ElementType.UInt16:
                WidenShorts(MemoryMarshal.Cast<byte, ushort>(source), destination);
                break;
            case ElementType.Int32:
                ConvertInts(MemoryMarshal.Cast<byte, int>(source), destination);
                break;
            case ElementType.Float16:
                HalfConversion.ToSingle(MemoryMarshal.Cast<byte, Half>(source), destination);
                break;
            case ElementType.Float32:
                source.CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            default:
                ConvertEach(source, type, destination);
                break;
        }
    }

    /// <summary>Decodes little-endian values; 64-bit integers are rounded to the nearest double.</summary>
    /// <param name="source">Exactly as many values as <paramref name="destination"/> holds.</param>
    /// <param name="type">Their encoding.</param>
    /// <param name="destination">Receives the values.</param>
    public static void ToDouble(ReadOnlySpan<byte> source, ElementType type, Span<double> destination) =>
        ConvertEach(source, type, destination);

    /// <summary>value · slope + intercept of each, computed in double and rounded once.</summary>
    public static void Scale(Span<float> values, double slope, double intercept)
    {
        var (slopes, intercepts) = (new Vector<double>(slope), new Vector<double>(intercept));
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out var low, out var high);
            Vector.Narrow(low * slopes + intercepts, high * slopes + intercepts).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
            values[i] = (float)(values[i] * slope + intercept);
    }

    /// <summary>value · slope + intercept of each.</summary>
    public static void Scale(Span<double> values, double slope, double intercept)
    {
        var (slopes, intercepts) = (new Vector<double>(slope), new Vector<double>(intercept));
        var i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(values[i..]) * slopes + intercepts).CopyTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] = values[i] * slope + intercept;
    }

    /// <summary>Rounds each value to the nearest float.</summary>
    public static void ToSingle(ReadOnlySpan<double> values, Span<float> destination)
    {
        destination = destination[..values.Length];
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            Vector.Narrow(new Vector<double>(values[i..]), new Vector<double>(values[(i + Vector<double>.Count)..])).CopyTo(destination[i..]);
        for (; i < values.Length; i++)
            destination[i] = (float)values[i];
    }

    /// <summary>Turns big-endian values into little-endian ones, in place.</summary>
    public static void ReverseBytes(Span<byte> values, int size)
    {
        switch (size)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, short>(values);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, int>(values);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, long>(values);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }

    private static void ConvertEach<TTo>(ReadOnlySpan<byte> source, ElementType type, Span<TTo> destination)
        where TTo : struct, INumberBase<TTo>
    {
        switch (type)
        {
            case ElementType.UInt8:
                Convert<byte, TTo>(source, destination);
                break;
            case ElementType.Int8:
                Convert<sbyte, TTo>(source, destination);
                break;
            case ElementType.Int16:
                Convert<short, TTo>(source, destination);
                break;
            case ElementType.UInt16:
                Convert<ushort, TTo>(source, destination);
                break;
            case ElementType.Int32:
                Convert<int, TTo>(source, destination);
                break;
            case ElementType.UInt32:
                Convert<uint, TTo>(source, destination);
                break;
            case ElementType.Int64:
                Convert<long, TTo>(source, destination);
                break;
            case ElementType.UInt64:
                Convert<ulong, TTo>(source, destination);
                break;
            case ElementType.Float16:
                Convert<Half, TTo>(source, destination);
                break;
            case ElementType.Float32:
                Convert<float, TTo>(source, destination);
                break;
            case ElementType.Float64:
                Convert<double, TTo>(source, destination);
                break;
            case ElementType.Bool:
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = source[i] == 0 ? TTo.Zero : TTo.One;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, null);
        }
    }

    private static void Convert<TFrom, TTo>(ReadOnlySpan<byte> source, Span<TTo> destination)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : struct, INumberBase<TTo>
    {
        var values = MemoryMarshal.Cast<byte, TFrom>(source)[..destination.Length];
        for (var i = 0; i < values.Length; i++)
            destination[i] = TTo.CreateTruncating(values[i]);
    }

    private static void WidenBytes(ReadOnlySpan<byte> source, Span<float> destination)
    {
        source = source[..destination.Length];
        var i = 0;
        for (; i <= source.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(source[i..]), out var low, out var high);
            Vector.Widen(low, out var a, out var b);
            Vector.Widen(high, out var c, out var d);
            Store(a.As<uint, int>(), destination, i);
            Store(b.As<uint, int>(), destination, i + Vector<int>.Count);
            Store(c.As<uint, int>(), destination, i + 2 * Vector<int>.Count);
            Store(d.As<uint, int>(), destination, i + 3 * Vector<int>.Count);
        }

        for (; i < source.Length; i++)
            destination[i] = source[i];
    }

    private static void WidenBytes(ReadOnlySpan<sbyte> source, Span<float> destination)
    {
        source = source[..destination.Length];
        var i = 0;
        for (; i <= source.Length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            Vector.Widen(new Vector<sbyte>(MemoryMarshal.AsBytes(source[i..])), out var low, out var high);
            Vector.Widen(low, out var a, out var b);
            Vector.Widen(high, out var c, out var d);
            Store(a, destination, i);
            Store(b, destination, i + Vector<int>.Count);
            Store(c, destination, i + 2 * Vector<int>.Count);
            Store(d, destination, i + 3 * Vector<int>.Count);
        }

        for (; i < source.Length; i++)
            destination[i] = source[i];
    }

    private static void WidenShorts(ReadOnlySpan<short> source, Span<float> destination)
    {
        source = source[..destination.Length];
        var i = 0;
        for (; i <= source.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(source[i..]), out var low, out var high);
            Store(low, destination, i);
            Store(high, destination, i + Vector<int>.Count);
        }

        for (; i < source.Length; i++)
            destination[i] = source[i];
    }

    private static void WidenShorts(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        source = source[..destination.Length];
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out var low, out var high);
            Store(low.As<uint, int>(), destination, i);
            Store(high.As<uint, int>(), destination, i + Vector<int>.Count);
        }

        for (; i < source.Length; i++)
            destination[i] = source[i];
    }

    private static void ConvertInts(ReadOnlySpan<int> source, Span<float> destination)
    {
        source = source[..destination.Length];
        var i = 0;
        for (; i <= source.Length - Vector<int>.Count; i += Vector<int>.Count)
            Store(new Vector<int>(source[i..]), destination, i);
        for (; i < source.Length; i++)
            destination[i] = source[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<int> values, Span<float> destination, int at) =>
        Vector.ConvertToSingle(values).CopyTo(destination[at..]);
}
