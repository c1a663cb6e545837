using System.Text;
using Conjoint.TestSupport;

namespace Conjoint.Imaging.Tests;

/// <summary>Reads damaged copies of a file and demands a result or an <see cref="InputDataException"/> that names the file, in bounded memory.</summary>
internal static class FaultInjection
{
    // Far above what the small files of these tests need, far below what a false size could ask for.
    private const long MostAllocatedBytes = 48L << 20;

    private const int RandomTrials = 600;

    /// <summary>Every beginning of the file.</summary>
    /// <param name="valid">An intact file.</param>
    /// <param name="extension">The end of its name.</param>
    /// <param name="isRefused">Whether none may be read as if it were whole.</param>
    public static void EveryPrefix(byte[] valid, string extension, bool isRefused = true)
    {
        using var folder = new TemporaryFolder();
        var step = Math.Max(1, valid.Length / 300);
        for (var length = 0; length < valid.Length; length += step)
        {
            var path = folder["prefix" + extension];
            ReadAll(path, valid[..length], $"the first {length} bytes");
            if (isRefused)
            {
                Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(path));
                Assert.Throws<InputDataException>(() => ImageFile.ReadImage(path));
            }
        }
    }

    /// <summary>Each bit of the first bytes turned round, then random bits and random bytes of all.</summary>
    /// <param name="valid">An intact file.</param>
    /// <param name="extension">The end of its name.</param>
    /// <param name="headerBytes">How many first bytes have each bit turned.</param>
    /// <param name="repair">Mends checksums, so that the damage gets past them.</param>
    public static void BitFlips(byte[] valid, string extension, int headerBytes = 100, Action<byte[]>? repair = null)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(7);
        var headerBits = Math.Min(valid.Length, headerBytes) * 8;
        for (var trial = 0; trial < headerBits + RandomTrials; trial++)
        {
            var bytes = (byte[])valid.Clone();
            var what = new StringBuilder();
            if (trial < headerBits)
            {
                bytes[trial / 8] ^= (byte)(1 << (trial % 8));
                what.Append(trial);
            }
            else
            {
                for (var n = random.Next(1, 6); n > 0; n--)
                {
                    var at = random.Next(bytes.Length);
                    bytes[at] = (byte)(random.Next(2) == 0 ? random.Next(256) : bytes[at] ^ (1 << random.Next(8)));
                    what.Append(at).Append(' ');
                }
            }

            repair?.Invoke(bytes);
            ReadAll(folder["flipped" + extension], bytes, $"trial {trial}, at {what}");
        }
    }

    /// <summary>Applies every reader to a file of these bytes.</summary>
    public static void ReadAll(string path, byte[] bytes, string what)
    {
        File.WriteAllBytes(path, bytes);
        Read(path, what, () => ImageFile.ReadHeader(path));
        Read(path, what, () => ImageFile.ReadVolume(path));
        Read(path, what, () => ImageFile.ReadImage(path));
        Read(path, what, () => Inspection.Inspect(path));
    }

    private static void Read(string path, string what, Func<object> read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read();
        }
        catch (InputDataException fault)
        {
            Assert.True(fault.Message.StartsWith(path, StringComparison.Ordinal), $"{what}: the message doesn't name the file: {fault.Message}");
        }
        catch (Exception fault)
        {
            Assert.Fail($"{what}: {fault}");
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < MostAllocatedBytes, $"{what}: {allocated} bytes were allocated");
    }
}
