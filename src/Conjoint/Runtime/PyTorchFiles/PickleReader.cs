using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Unicode;
using Conjoint.Imaging;
using static TorchSharp.torch;

namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>
/// The stack machine of Python's pickle, restricted to plain values and tensors: it never looks up, makes or calls anything
/// that a file names.
/// </summary>
/// <remarks>
/// Values: null, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>, <see cref="string"/>,
/// <see cref="byte"/>[], List&lt;object?&gt;, object?[] for a tuple, <see cref="PickleDictionary"/>, <see cref="PickleSet"/>,
/// <see cref="TorchGlobal"/>, <see cref="TorchStorage"/>, <see cref="TorchTensor"/>, <see cref="PickleInert"/>. Time and memory are
/// bounded by the length that was read, which is bounded too. Values may refer to themselves: whoever walks them has to remember where it was.
/// </remarks>
internal sealed class PickleReader
{
    // A state dict of a thousand tensors takes some 30,000 operations and 200 kB.
    private const int MostOperations = 1 << 22;
    private const int MostMarks = 1 << 10;
    private const long MostBytes = 64L << 20;
    private const int LongestInteger = 64;
    private const int LongestName = 256;
    private const long MostElements = 1L << 56;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Stream _stream;
    private readonly string _path;
    private readonly Dictionary<string, TorchStorage> _storages;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private long _operations, _bytes;

    private PickleReader(Stream stream, string path, Dictionary<string, TorchStorage> storages) =>
        (_stream, _path, _storages) = (stream, path, storages);

    /// <summary>Reads one value and stops behind it.</summary>
    /// <param name="stream">Readable, with length and position.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <param name="storages">Takes the storages that are named, by key.</param>
    /// <exception cref="InputDataException">Cut short, damaged, beyond the bounds, or holds anything but plain values and tensors.</exception>
    public static object? Read(Stream stream, string path, Dictionary<string, TorchStorage> storages)
    {
        try
        {
            return new PickleReader(stream, path, storages).Run();
        }
        catch (EndOfStreamException exception)
        {
            throw new InputDataException(path, "the pickled part ends in the middle; the file is cut short.", exception);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InputDataException(path, "the pickled part holds text that is not UTF-8; the file is damaged.", exception);
        }
    }

    private object? Run()
    {
        if ((PickleOpcode)Byte() != PickleOpcode.Proto || Byte() is < 2 or > 5)
            throw Fault("is no pickle of protocol 2 to 5");
        while (true)
        {
            Charge(1);
            var code = Byte();
            if ((PickleOpcode)code == PickleOpcode.Stop)
                return Pop();
            Step((PickleOpcode)code);
        }
    }

    private void Step(PickleOpcode code)
    {
        switch (code)
        {
            case PickleOpcode.Frame: Bytes(8); break;                       // how much may be read ahead
            case PickleOpcode.Mark: PushMark(); break;
            case PickleOpcode.Pop: Drop(); break;
            case PickleOpcode.PopMark: PopToMark(); break;
            case PickleOpcode.Dup: Push(Peek()); break;

            case PickleOpcode.None: Push(null); break;
            case PickleOpcode.NewTrue: Push(true); break;
            case PickleOpcode.NewFalse: Push(false); break;
            case PickleOpcode.BinInt: Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case PickleOpcode.BinInt1: Push((long)Byte()); break;
            case PickleOpcode.BinInt2: Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case PickleOpcode.Long1: PushInteger(Byte()); break;
            case PickleOpcode.Long4: PushInteger(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))); break;
            case PickleOpcode.BinFloat: Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;

            case PickleOpcode.BinUnicode: Push(Text(Length(4))); break;
            case PickleOpcode.ShortBinUnicode: Push(Text(Length(1))); break;
            case PickleOpcode.BinUnicode8: Push(Text(Length(8))); break;
            case PickleOpcode.BinString: Push(TextOfPython2(Length(4))); break;
            case PickleOpcode.ShortBinString: Push(TextOfPython2(Length(1))); break;
            case PickleOpcode.BinBytes: Push(Bytes(Length(4))); break;
            case PickleOpcode.ShortBinBytes: Push(Bytes(Length(1))); break;
            case PickleOpcode.BinBytes8 or PickleOpcode.ByteArray8: Push(Bytes(Length(8))); break;

            case PickleOpcode.EmptyList: Push(new List<object?>()); break;
            case PickleOpcode.List: Push(new List<object?>(PopToMark())); break;
            case PickleOpcode.Append: Append([Pop()]); break;
            case PickleOpcode.Appends: Append(PopToMark()); break;
            case PickleOpcode.EmptyTuple: Push(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple: Push(PopToMark()); break;
            case PickleOpcode.Tuple1: Push(Pop(1)); break;
            case PickleOpcode.Tuple2: Push(Pop(2)); break;
            case PickleOpcode.Tuple3: Push(Pop(3)); break;
            case PickleOpcode.EmptyDict: Push(new PickleDictionary()); break;
            case PickleOpcode.Dict: Push(Set(new PickleDictionary(), PopToMark())); break;
            case PickleOpcode.SetItem: SetItems(Pop(2)); break;
            case PickleOpcode.SetItems: SetItems(PopToMark()); break;
            case PickleOpcode.EmptySet: Push(new PickleSet()); break;
            case PickleOpcode.AddItems: PopToMark(); Expect(Peek() is PickleSet, "adds members to what is no set"); break;
            case PickleOpcode.FrozenSet: PopToMark(); Push(new PickleSet()); break;

            case PickleOpcode.BinPut: _memo[Byte()] = Peek(); break;
            case PickleOpcode.LongBinPut: _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Peek(); break;
            case PickleOpcode.Memoize: _memo[(uint)_memo.Count] = Peek(); break;
            case PickleOpcode.BinGet: Push(Recall(Byte())); break;
            case PickleOpcode.LongBinGet: Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;

            case PickleOpcode.Global: Push(Global(Line(), Line())); break;
            case PickleOpcode.StackGlobal: Push(StackGlobal(Pop(2))); break;
            case PickleOpcode.Reduce: Push(Call(Pop(2))); break;
            case PickleOpcode.NewObj: Push(Make(Pop(2)[0])); break;
            case PickleOpcode.NewObjEx: Push(Make(Pop(3)[0])); break;
            case PickleOpcode.Build: Pop(); Expect(Peek() is PickleDictionary or PickleInert or TorchTensor, "gives attributes to a value that has none"); break;
            case PickleOpcode.BinPersId: Push(Storage(Pop())); break;
            default: throw Fault($"uses the pickle operation 0x{(byte)code:x2}, which no state dict needs");
        }
    }

    // The stack.

    private void Push(object? value) => _stack.Add(value);

    private object? Pop() => Pop(1)[0];

    private object?[] Pop(int count)
    {
        Expect(_stack.Count - count >= Floor, "takes more values than there are");
        var values = _stack.GetRange(_stack.Count - count, count).ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object? Peek()
    {
        Expect(_stack.Count > Floor, "uses a value where there is none");
        return _stack[^1];
    }

    private int Floor => _marks.Count > 0 ? _marks.Peek() : 0;

    private void PushMark()
    {
        Expect(_marks.Count < MostMarks, "nests values too deeply");
        _marks.Push(_stack.Count);
    }

    private object?[] PopToMark()
    {
        Expect(_marks.Count > 0, "ends a group that it did not begin");
        var values = Pop(_stack.Count - _marks.Peek());
        _marks.Pop();
        return values;
    }

    private void Drop()
    {
        if (_marks.Count > 0 && _stack.Count == _marks.Peek())
            _marks.Pop();
        else
            Pop();
    }

    private object? Recall(uint index) => _memo.TryGetValue(index, out var value) ? value : throw Fault($"recalls value {index}, which it did not keep");

    // Containers.

    private void Append(ReadOnlySpan<object?> values)
    {
        var target = Peek();
        Expect(target is List<object?> or PickleInert, "appends to what is no list");
        (target as List<object?>)?.AddRange(values);
    }

    private void SetItems(object?[] pairs)
    {
        var target = Peek();
        Expect(target is PickleDictionary or PickleInert, "sets entries of what is no dictionary");
        if (target is PickleDictionary dictionary)
            Set(dictionary, pairs);
    }

    private PickleDictionary Set(PickleDictionary dictionary, object?[] pairs)
    {
        Expect(pairs.Length % 2 == 0, "has a key without a value");
        for (var i = 0; i < pairs.Length; i += 2)
            dictionary.Set(pairs[i], pairs[i + 1]);
        return dictionary;
    }

    // Names, and what they would call.

    private TorchGlobal StackGlobal(object?[] names) => names is [string module, string name]
        ? Global(module, name)
        : throw Fault("names a class by what is no text");

    private TorchGlobal Global(string module, string name) => TorchGlobal.Find(module, name) ?? throw Fault(
        $"holds a call of '{Printable(module)}.{Printable(name)}', which Conjoint never runs");

    private object? Call(object?[] call)
    {
        if (call is not [TorchGlobal callee, object?[] arguments])
            throw Fault("calls what is no function");
        switch (callee.Kind)
        {
            case TorchGlobalKind.RebuildTensor when arguments is [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..]:
                return Tensor(storage, storage.Type, offset, shape, strides);
            case TorchGlobalKind.RebuildTyped
                when arguments is [TorchStorage storage, long offset, object?[] shape, object?[] strides, _, _, TorchGlobal { Kind: TorchGlobalKind.DType } dtype, ..]:
                return Tensor(storage, dtype.Type, offset, shape, strides);
            case TorchGlobalKind.RebuildParameter when arguments is [TorchTensor tensor, ..]:
                return tensor;
            case TorchGlobalKind.Size when arguments is [object?[] sizes]:
                return sizes;
            case TorchGlobalKind.Dictionary:
                return Dictionary(arguments);
            case TorchGlobalKind.Set:
                return new PickleSet();
            case TorchGlobalKind.Inert:
                return PickleInert.Instance;
            default:
                throw Fault("makes a tensor of values that are none");
        }
    }

    private object Make(object? type) => type is TorchGlobal { Kind: TorchGlobalKind.Dictionary or TorchGlobalKind.Set or TorchGlobalKind.Inert } known
        ? known.Kind switch { TorchGlobalKind.Dictionary => new PickleDictionary(), TorchGlobalKind.Set => new PickleSet(), _ => PickleInert.Instance }
        : throw Fault("makes an object of what is no known class");

    /// <summary>A dictionary, empty or of a list of pairs, as Python 2 wrote an ordered one.</summary>
    private PickleDictionary Dictionary(object?[] arguments)
    {
        var made = new PickleDictionary();
        if (arguments is not [List<object?> pairs])
            return made;
        Charge(pairs.Count);
        foreach (var pair in pairs)
        {
            var (key, value) = pair switch
            {
                object?[] and [var first, var second] => (first, second),
                List<object?> and [var first, var second] => (first, second),
                _ => throw Fault("makes a dictionary of what are no pairs"),
            };
            made.Set(key, value);
        }

        return made;
    }

    // Tensors.

    /// <summary>('storage', class, key, location, elements), in older files with null at the end.</summary>
    private TorchStorage Storage(object? id)
    {
        if (id is not object?[] parts || parts is not ["storage", TorchGlobal { Kind: TorchGlobalKind.Storage } type, string key, _, long count, ..])
            throw Fault("refers to something outside that is no storage of a tensor");
        Expect(parts.Length == 5 || (parts.Length == 6 && parts[5] is null), "has a storage that is a part of another; load it with PyTorch and save it again");
        Expect(count is >= 0 and <= MostElements, $"has a storage of {count} elements");
        var storage = new TorchStorage(key, type.Type, count);
        Expect(!_storages.TryGetValue(key, out var known) || known == storage, $"describes the storage '{Printable(key)}' in two ways");
        return _storages[key] = known ?? storage;
    }

    private TorchTensor Tensor(TorchStorage storage, ScalarType type, long offset, object?[] shape, object?[] strides)
    {
        Charge(shape.Length + strides.Length);
        Expect(shape.All(s => s is long) && strides.All(s => s is long), "has a tensor whose shape is no list of whole numbers");
        return TorchTensor.Create(storage, type, offset, [.. shape.Cast<long>()], [.. strides.Cast<long>()])
            ?? throw Fault($"has a tensor of shape [{Printable(string.Join(", ", shape))}] that does not fit its storage of {storage.Count} elements");
    }

    // Bytes.

    private byte Byte()
    {
        var read = _stream.ReadByte();
        return read >= 0 ? (byte)read : throw new EndOfStreamException();
    }

    private byte[] Bytes(long count)
    {
        if (count > _stream.Length - _stream.Position)
            throw new EndOfStreamException();
        _bytes += count;
        Expect(_bytes <= MostBytes, "is larger than any state dict");
        var bytes = new byte[count];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    private long Length(int width)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        _stream.ReadExactly(bytes[..width]);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return length <= long.MaxValue ? (long)length : throw new EndOfStreamException();
    }

    private string Text(long length) => s_utf8.GetString(Bytes(length));

    /// <summary>Python 2 kept text and bytes alike.</summary>
    private object TextOfPython2(long length)
    {
        var bytes = Bytes(length);
        return Utf8.IsValid(bytes) ? s_utf8.GetString(bytes) : bytes;
    }

    private void PushInteger(long length)
    {
        Expect(length <= LongestInteger, $"holds a whole number of {length} bytes");
        var value = new BigInteger(Bytes(length));
        if (value >= long.MinValue && value <= long.MaxValue)
            Push((long)value);
        else
            Push(value);
    }

    private string Line()
    {
        var bytes = new List<byte>();
        for (var next = Byte(); next != (byte)'\n'; next = Byte())
        {
            bytes.Add(next);
            Expect(bytes.Count <= LongestName, "holds a name that is too long for one");
        }

        return s_utf8.GetString([.. bytes]);
    }

    private void Charge(long operations)
    {
        _operations += operations;
        Expect(_operations <= MostOperations, "is larger than any state dict");
    }

    private void Expect(bool condition, string otherwise)
    {
        if (!condition)
            throw Fault(otherwise);
    }

    /// <summary>A text of the file that may be shown: short, and without anything that a terminal would obey.</summary>
    internal static string Printable(string text) =>
        new([.. text.Take(100).Select(c => char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? '?' : c)]);

    private InputDataException Fault(string what) =>
        new(_path, $"{what}; expected a state dict, as torch.save(model.state_dict(), …) writes it.");
}
