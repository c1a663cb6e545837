using System.IO.Compression;
using System.Text;

namespace Conjoint.TestSupport;

/// <summary>Puts hand-made pickles into files as PyTorch does; not with the writer that is tested.</summary>
public static class TorchFiles
{
    /// <summary>1, 2, 3, 4 as float32.</summary>
    public static byte[] OneToFour { get; } = [.. new float[] { 1, 2, 3, 4 }.SelectMany(BitConverter.GetBytes)];

    /// <summary>The zip format.</summary>
    public static void WriteZip(
        string path, byte[] pickle, IEnumerable<(string Key, byte[] Data)> storages, string root = "archive/", CompressionLevel level = CompressionLevel.NoCompression, params (string Name, string Text)[] more)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        void Add(string name, byte[] data)
        {
            using var entry = zip.CreateEntry(root + name, level).Open();
            entry.Write(data);
        }

        Add("data.pkl", pickle);
        foreach (var (key, data) in storages)
            Add("data/" + key, data);
        Add("version", "3\n"u8.ToArray());
        foreach (var (name, text) in more)
            Add(name, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The format before PyTorch 1.6.</summary>
    public static void WriteLegacy(string path, byte[] pickle, IReadOnlyList<(string Key, long Count, byte[] Data)> storages)
    {
        var keys = new PickleBytes().Op("](");
        foreach (var storage in storages)
            keys.Text(storage.Key);
        byte[] magic = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
        File.WriteAllBytes(path,
        [
            .. new PickleBytes().Op(magic).End(),
            .. new PickleBytes().Integer(1001).End(),
            .. new PickleBytes().Op("}").Text("little_endian").Op(0x88).Op("s").End(),
            .. pickle,
            .. keys.Op("e").End(),
            .. storages.SelectMany(s => (byte[])[.. BitConverter.GetBytes(s.Count), .. s.Data]),
        ]);
    }
}
