using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using static TorchSharp.torch;

namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>Writes an ordered dictionary of tensors as a pickle of protocol 2, with those operations alone that <c>torch.load(weights_only=True)</c> takes.</summary>
internal sealed class PickleWriter
{
    private static readonly (ScalarType Type, string Storage)[] s_storages =
    [
        (ScalarType.Float64, "DoubleStorage"), (ScalarType.Float32, "FloatStorage"), (ScalarType.Float16, "HalfStorage"), (ScalarType.BFloat16, "BFloat16Storage"),
        (ScalarType.Int64, "LongStorage"), (ScalarType.Int32, "IntStorage"), (ScalarType.Int16, "ShortStorage"), (ScalarType.Int8, "CharStorage"),
        (ScalarType.Byte, "ByteStorage"), (ScalarType.Bool, "BoolStorage"),
    ];

    private readonly List<byte> _out = [];
    private readonly Dictionary<string, byte> _kept = new(StringComparer.Ordinal);

    private PickleWriter()
    {
    }

    /// <summary>The pickle; the storage of tensor i has the key i, written in decimal.</summary>
    /// <exception cref="ArgumentException">A tensor's type has no storage class.</exception>
    public static byte[] StateDict(IReadOnlyList<KeyValuePair<string, Tensor>> tensors)
    {
        var writer = new PickleWriter();
        writer.Write(PickleOpcode.Proto, 2);
        writer.EmptyOrderedDict();
        writer.Write(PickleOpcode.Mark);
        for (var i = 0; i < tensors.Count; i++)
        {
            writer.Text(tensors[i].Key);
            writer.Tensor(i, tensors[i].Value);
        }

        writer.Write(PickleOpcode.SetItems);
        writer.Write(PickleOpcode.Stop);
        return [.. writer._out];
    }

    private void Tensor(int index, Tensor tensor)
    {
        var storage = s_storages.FirstOrDefault(s => s.Type == tensor.dtype).Storage
            ?? throw new ArgumentException($"PyTorch has no storage of {tensor.dtype}; it has {string.Join(", ", s_storages.Select(s => s.Storage))}.", nameof(tensor));
        var shape = tensor.shape;
        Global("torch._utils", "_rebuild_tensor_v2");
        Write(PickleOpcode.Mark);
        Write(PickleOpcode.Mark);
        Kept("storage", Text);
        Global("torch", storage);
        Text(index.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Kept("cpu", Text);
        Integer(tensor.numel());
        Write(PickleOpcode.Tuple);
        Write(PickleOpcode.BinPersId);
        Integer(0);
        Tuple(shape);
        Tuple([.. shape.Select((_, axis) => shape[(axis + 1)..].Aggregate(1L, (product, size) => product * Math.Max(size, 1)))]);
        Write(PickleOpcode.NewFalse);
        EmptyOrderedDict();                         // hooks
        Write(PickleOpcode.Tuple);
        Write(PickleOpcode.Reduce);
    }

    private void EmptyOrderedDict()
    {
        Global("collections", "OrderedDict");
        Write(PickleOpcode.EmptyTuple);
        Write(PickleOpcode.Reduce);
    }

    private void Tuple(long[] values)
    {
        Write(PickleOpcode.Mark);
        foreach (var value in values)
            Integer(value);
        Write(PickleOpcode.Tuple);
    }

    private void Global(string module, string name) => Kept($"{module}\n{name}\n", lines =>
    {
        Write(PickleOpcode.Global);
        _out.AddRange(Encoding.ASCII.GetBytes(lines));
    });

    /// <summary>Writes something the first time and recalls it later.</summary>
    private void Kept(string what, Action<string> write)
    {
        if (_kept.TryGetValue(what, out var place))
        {
            Write(PickleOpcode.BinGet, place);
            return;
        }

        write(what);
        _kept.Add(what, (byte)_kept.Count);         // a handful: two words and a few names
        Write(PickleOpcode.BinPut, _kept[what]);
    }

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        Write(PickleOpcode.BinUnicode, length);
        _out.AddRange(bytes);
    }

    private void Integer(long value)
    {
        if (value is >= 0 and <= int.MaxValue)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value);
            Write(PickleOpcode.BinInt, bytes);
            return;
        }

        var integer = new BigInteger(value).ToByteArray();
        Write(PickleOpcode.Long1, (byte)integer.Length);
        _out.AddRange(integer);
    }

    private void Write(PickleOpcode code, params ReadOnlySpan<byte> argument)
    {
        _out.Add((byte)code);
        _out.AddRange(argument);
    }
}
