using System.Buffers.Binary;
using System.Text;

namespace Conjoint.TestSupport;

/// <summary>Assembles pickles by hand, as PyTorch and Python write them in any protocol.</summary>
public sealed class PickleBytes
{
    private readonly List<byte> _bytes = [];
    private readonly int _protocol;

    public PickleBytes(int protocol = 2)
    {
        _protocol = protocol;
        Op(0x80, (byte)protocol);
        if (protocol >= 4)
            Op(0x95, 255, 0, 0, 0, 0, 0, 0, 0);                     // a frame, longer than what follows
    }

    /// <summary>The pickle, ended.</summary>
    public byte[] End() => [.. _bytes, (byte)'.'];

    public PickleBytes Op(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBytes Op(string operations) => Op(Encoding.Latin1.GetBytes(operations));

    /// <summary>A name: two lines, or from protocol 4 on two texts of the stack.</summary>
    public PickleBytes Global(string module, string name) => _protocol >= 4 ? Text(module).Text(name).Op(0x93) : Op($"c{module}\n{name}\n");

    public PickleBytes Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return (_protocol >= 4 ? Op(0x8c, (byte)bytes.Length) : Op((byte)'X').Four(bytes.Length)).Op(bytes);
    }

    public PickleBytes Integer(long value) => value switch
    {
        >= 0 and < 256 => Op((byte)'K', (byte)value),
        >= 0 and < 65536 => Op((byte)'M', (byte)value, (byte)(value >> 8)),
        >= int.MinValue and <= int.MaxValue => Op((byte)'J').Four((int)value),
        _ => Op([0x8a, 8, .. BitConverter.GetBytes(value)]),
    };

    public PickleBytes Four(int value)
    {
        var four = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(four, value);
        return Op(four);
    }

    public PickleBytes Tuple(params long[] values)
    {
        Op("(");
        foreach (var value in values)
            Integer(value);
        return Op("t");
    }

    public PickleBytes Storage(string type, string key, long count, string module = "torch") =>
        Op("(").Text("storage").Global(module, type).Text(key).Text("cuda:0").Integer(count).Op("tQ");

    public PickleBytes Tensor(string type, string key, long count, long offset, long[] shape, long[] strides, string function = "_rebuild_tensor_v2") =>
        Global("torch._utils", function).Op("(").Storage(type, key, count).Integer(offset).Tuple(shape).Tuple(strides)
            .Op(0x89).Global("collections", "OrderedDict").Op(")RtR");

    /// <summary>A dictionary with one tensor of four floats under a name, in storage 0.</summary>
    public PickleBytes Small(string name = "w") => Op("}").Text(name).Tensor("FloatStorage", "0", 4, 0, [2, 2], [2, 1]).Op("s");
}
