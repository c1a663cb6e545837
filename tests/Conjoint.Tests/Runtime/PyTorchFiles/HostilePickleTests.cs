using System.Diagnostics;
using System.IO.Compression;
using Conjoint.Imaging;
using Conjoint.Runtime.PyTorchFiles;
using Conjoint.TestSupport;
using FsCheck;
using FsCheck.Fluent;

namespace Conjoint.Tests.Runtime.PyTorchFiles;

/// <summary>Checkpoints that were made to do something: all they get is an error, in little time and memory.</summary>
public sealed class HostilePickleTests : IDisposable
{
    // Managed memory for any of these files, the largest of which has 70 MB of operations when it is inflated.
    private const long MemoryAllowed = 400L << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Path => _folder["x.pth"];

    // What Python's pickle module would make of the calls below.
    private string Trace => _folder["executed"];

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("nt", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "exec")]
    [InlineData("__builtin__", "getattr")]
    [InlineData("subprocess", "Popen")]
    [InlineData("torch.hub", "load")]
    [InlineData("torch", "load")]
    [InlineData("torch._utils", "_rebuild_wrapper_subclass")]
    [InlineData("numpy.testing._private.utils", "runstring")]
    [InlineData("collections", "OrderedDict.fromkeys")]
    [InlineData("collections\u001b[31m", "OrderedDict")]
    public void A_call_is_refused_by_its_name_in_every_protocol(string module, string name)
    {
        foreach (var protocol in (int[])[2, 3, 4, 5])
        {
            // Beside a whole state dict, so that nothing but the call is wrong.
            var pickle = new PickleBytes(protocol).Small().Text("x").Global(module, name).Op("(").Text($"touch {Trace}").Op("tRs");
            TorchFiles.WriteZip(Path, pickle.End(), [("0", TorchFiles.OneToFour)]);
            AssertRefused($"holds a call of '{module.Replace('\u001b', '?')}.{name}', which Conjoint never runs; expected a state dict");
            TorchFiles.WriteLegacy(Path, pickle.End(), [("0", 4, TorchFiles.OneToFour)]);
            AssertRefused($"holds a call of '{module.Replace('\u001b', '?')}.{name}', which Conjoint never runs; expected a state dict");
        }
    }

    [Theory]
    [InlineData("(S'touch'\nios\nsystem\n", "operation 0x53")]                          // INST, with the text of protocol 0
    [InlineData("(ios\nsystem\n", "operation 0x69")]                                    // INST
    [InlineData("(ccollections\nOrderedDict\no", "operation 0x6f")]                     // OBJ
    [InlineData("\u0082\u0001", "operation 0x82")]                                      // EXT1
    [InlineData("\u0083\u0001\u0000", "operation 0x83")]                                // EXT2
    [InlineData("\u0084\u0001\u0000\u0000\u0000", "operation 0x84")]                    // EXT4
    [InlineData("Pstorage\n", "operation 0x50")]                                        // PERSID
    [InlineData("\u0097", "operation 0x97")]                                            // NEXT_BUFFER
    [InlineData("I01\n", "operation 0x49")]
    [InlineData("K\u0001K\u0002\u0093", "names a class by what is no text")]
    [InlineData("X\u0002\u0000\u0000\u0000hi)R", "calls what is no function")]
    [InlineData("ccollections\nOrderedDict\nK\u0001R", "calls what is no function")]
    [InlineData("ctorch\nFloatStorage\n)R", "makes a tensor of values that are none")]
    [InlineData("ctorch\nFloatStorage\n)\u0081", "no known class")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R", "makes a tensor of values that are none")]
    [InlineData("ctorch._utils\n_rebuild_parameter\n(K\u0001tR", "makes a tensor of values that are none")]
    [InlineData("ctorch\nFloatStorage\n}b", "gives attributes to a value that has none")]
    [InlineData(")}b", "gives attributes to a value that has none")]
    [InlineData("K\u0001Q", "refers to something outside")]
    [InlineData("(X\u0007\u0000\u0000\u0000storageK\u0001K\u0002K\u0003K\u0004tQ", "refers to something outside")]
    [InlineData("K\u0001K\u0002a", "appends to what is no list")]
    [InlineData("K\u0001K\u0002K\u0003s", "sets entries of what is no dictionary")]
    [InlineData("}(K\u0001u", "a key without a value")]
    [InlineData("]t", "ends a group that it did not begin")]
    [InlineData("K\u0001(0000", "more values than there are")]
    [InlineData("(a", "more values than there are")]
    [InlineData("h\u0007", "recalls value 7")]
    [InlineData("", "more values than there are")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff", "cut short")]                              // a text of 4 GiB
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "cut short")] // of 8 EiB
    [InlineData("\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "cut short")]
    [InlineData("\u0096\u00ff\u00ff\u00ff\u00ff\u0000\u0000\u0000\u0000", "cut short")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u007f", "whole number of 2147483647 bytes")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u00ff", "whole number of 4294967295 bytes")]
    [InlineData("X\u0001\u0000\u0000\u0000\u00ff", "not UTF-8")]
    [InlineData("ccollections", "cut short")]
    public void Tricks_of_the_machine_are_refused(string operations, string reason)
    {
        TorchFiles.WriteZip(Path, new PickleBytes().Op(operations).End(), [("0", TorchFiles.OneToFour)]);
        AssertRefused(reason);
    }

    [Fact]
    public void Old_and_future_protocols_are_refused()
    {
        foreach (var start in (byte[][])[[(byte)'}'], [0x80, 1, (byte)'}'], [0x80, 6, (byte)'}']])
        {
            TorchFiles.WriteZip(Path, [.. start, (byte)'.'], []);
            AssertRefused("no pickle of protocol 2 to 5");
        }
    }

    [Fact]
    public void Values_that_hold_themselves_end_the_search()
    {
        // d = {}; d['d'] = d
        TorchFiles.WriteZip(Path, new PickleBytes().Op("}q").Op(0).Text("d").Op("h").Op(0).Op("s").End(), []);
        AssertRefused("without a dictionary of tensors");
        // l = []; l.append(l)
        TorchFiles.WriteZip(Path, new PickleBytes().Op("]q").Op(0).Op("h").Op(0).Op("a").End(), []);
        AssertRefused("without a dictionary of tensors");
    }

    [Fact]
    public void Values_that_multiply_at_every_level_cost_no_more_than_their_bytes()
    {
        var lists = new PickleBytes().Op("]q").Op(0);
        var dictionaries = new PickleBytes().Op("}q").Op(0);
        for (byte level = 1; level < 200; level++)
        {
            byte before = (byte)(level - 1);
            lists.Op("]q").Op(level).Op("(h").Op(before).Op("h").Op(before).Op("e");
            dictionaries.Op("}q").Op(level);
            foreach (var key in (string[])["a", "b", "c", "d", "e", "f", "g", "h"])
                dictionaries.Text(key).Op("h").Op(before).Op("s");
        }

        foreach (var pickle in (PickleBytes[])[lists, dictionaries])
        {
            TorchFiles.WriteZip(Path, pickle.End(), []);
            AssertRefused("without a dictionary of tensors");
        }
    }

    [Theory]
    [InlineData("2", 5_000_000, "larger than any state dict")]          // DUP
    [InlineData("]", 5_000_000, "larger than any state dict")]
    [InlineData("}", 5_000_000, "larger than any state dict")]
    [InlineData("\u0094", 5_000_000, "larger than any state dict")]     // MEMOIZE
    [InlineData("(", 5_000_000, "nests values too deeply")]
    [InlineData("\u0085", 4_000_000, "more values than there are")]     // a tuple in a tuple in a tuple, four million deep: then nothing else is left
    [InlineData("N", 70_000_000, "bytes; expected at most")]
    public void Many_operations_are_refused(string operation, int times, string reason)
    {
        var pickle = new byte[times + 6];
        Array.Fill(pickle, (byte)operation[0]);
        ((byte[])[0x80, 2, (byte)'}']).CopyTo(pickle, 0);
        pickle[^2] = (byte)'R';
        pickle[^1] = (byte)'.';
        TorchFiles.WriteZip(Path, pickle, [], level: CompressionLevel.Fastest);
        AssertRefused(reason);
    }

    [Fact]
    public void A_dictionary_that_is_made_again_and_again_is_refused()
    {
        // One list of 60,000 pairs, and a thousand ordered dictionaries of it.
        var pickle = new PickleBytes().Op("](");
        for (var i = 0; i < 60_000; i++)
            pickle.Op("K\u0001K\u0001\u0086");
        pickle.Op("eq").Op(0).Op("0ccollections\nOrderedDict\nq").Op(1);
        for (var i = 0; i < 1000; i++)
            pickle.Op("h").Op(1).Op("h").Op(0).Op("\u0085R");
        TorchFiles.WriteZip(Path, pickle.End(), []);
        AssertRefused("larger than any state dict");
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void A_storage_that_claims_more_than_the_file_can_hold_is_refused_before_memory_is_asked_for(CompressionLevel level)
    {
        const int claimed = 1 << 30;
        var pickle = new PickleBytes().Op("}").Text("w").Tensor("FloatStorage", "0", claimed / 4, 0, [claimed / 4], [1]).Op("s").End();
        TorchFiles.WriteZip(Path, pickle, [("0", new byte[4096])], level: level);
        var bytes = File.ReadAllBytes(Path);
        // The directory's entry of data/0: compressed and whole length stand 26 and 22 bytes before its name.
        var name = bytes.AsSpan().LastIndexOf("archive/data/0"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(name - 22), claimed);
        if (level == CompressionLevel.NoCompression)
            BitConverter.TryWriteBytes(bytes.AsSpan(name - 26), claimed);
        File.WriteAllBytes(Path, bytes);
        AssertRefused("declares 1073741824 bytes of numbers");
    }

    [Fact]
    public void Any_bytes_give_our_exception()
    {
        Prop.ForAll<byte[], bool>((bytes, likeZip) =>
        {
            File.WriteAllBytes(Path, [.. likeZip ? "PK\u0003\u0004"u8.ToArray() : [0x80, 2], .. bytes]);
            Assert.Throws<InputDataException>(() => PyTorchFile.Read(Path));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    public void Changed_bytes_give_a_model_or_our_exception(string name)
    {
        var bytes = File.ReadAllBytes(System.IO.Path.Combine(Repository.Folder, "tests/Conjoint.Tests/Runtime/PyTorchFiles/Written", name));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll<(ushort Place, byte Value)[]>(changes => ReadChanged(bytes, changes, changed => File.WriteAllBytes(Path, changed))));
    }

    [Fact]
    public void A_changed_pickle_in_a_sound_archive_gives_a_model_or_our_exception()
    {
        // The archive's checksums would hide most of the machine from changes of the file.
        var pickle = new PickleBytes(4).Small().Text("v").Tensor("LongStorage", "1", 2, 1, [1], [1]).Op("s").Text("n").Op("]").Op("(K\u0001K\u0002e").Op("s").End();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll<(ushort Place, byte Value)[]>(changes => ReadChanged(
            pickle, changes, changed => TorchFiles.WriteZip(Path, changed, [("0", TorchFiles.OneToFour), ("1", new byte[16])]))));
    }

    [Fact]
    public void Random_operations_give_a_model_or_our_exception()
    {
        var operation = Gen.OneOf(
            Gen.Elements("(", "0", "1", "2", "N", "]", "a", "e", "l", ")", "t", "}", "s", "u", "d", "R", "b", "Q", "\u0081", "\u0085", "\u0086", "\u0087", "\u008f", "\u0090", "\u0091", "\u0092", "\u0094"),
            Gen.Elements("ctorch\nFloatStorage\n", "ccollections\nOrderedDict\n", "ctorch._utils\n_rebuild_tensor_v2\n", "cargparse\nNamespace\n", "K\u0001", "h\u0000", "q\u0000", "X\u0007\u0000\u0000\u0000storage"));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Gen.ListOf(operation).ToArbitrary(), operations =>
        {
            using var stream = new MemoryStream(new PickleBytes().Op(string.Concat(operations)).End());
            try
            {
                PickleReader.Read(stream, Path, []);
            }
            catch (InputDataException)
            {
                // The promise: this and nothing else.
            }
        }));
    }

    private void ReadChanged(byte[] bytes, (ushort Place, byte Value)[] changes, Action<byte[]> write)
    {
        var copy = (byte[])bytes.Clone();
        foreach (var (place, value) in changes)
            copy[place % copy.Length] = value;
        write(copy);
        try
        {
            PyTorchFile.Read(Path).Dispose();
        }
        catch (InputDataException)
        {
            // The promise: this and nothing else.
        }
    }

    private void AssertRefused(string reason)
    {
        var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
        var error = Assert.Throws<InputDataException>(() => PyTorchFile.Read(Path).Dispose());
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, c => char.IsControl(c));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MemoryAllowed);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.False(File.Exists(Trace));
    }
}
