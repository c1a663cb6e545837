using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>Holds the arrays of NPZ archives while cases are made from them: each is decompressed once and let go after its last case.</summary>
/// <remarks>Safe from many threads.</remarks>
internal sealed class ArchiveCache
{
    private readonly Dictionary<(string Path, string Entry), int> _uses = [];
    private readonly Dictionary<(string Path, string Entry), Lazy<NpyArray>> _arrays = [];

    public ArchiveCache(IEnumerable<CasePlan> plans)
    {
        foreach (var content in plans.SelectMany(Contents))
            _uses[(content.Path, content.Entry)] = _uses.GetValueOrDefault((content.Path, content.Entry)) + 1;
    }

    /// <summary>Says that a plan needs its arrays no more.</summary>
    public void Done(CasePlan plan)
    {
        lock (_uses)
        {
            foreach (var content in Contents(plan))
            {
                if (--_uses[(content.Path, content.Entry)] == 0)
                    _arrays.Remove((content.Path, content.Entry));
            }
        }
    }

    public string Checksum(ArchiveContent content)
    {
        var part = Part(content);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{part.DType}|{string.Join(',', part.Shape)}|{part.FortranOrder}|"));
        hash.AppendData(part.Data);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <exception cref="InputDataException">The archive is damaged.</exception>
    public RawScan Read(ArchiveContent content)
    {
        var part = Part(content);
        if (!content.IsImage)
            return RawScan.Of(new Volume(part.ToSingleFirstAxisFastest(), part.Shape[0], part.Shape[1], part.Shape[2], Affine.Identity), hasGeometry: false);
        var pixels = part.ToSingle();
        var (height, width) = (part.Shape[0], part.Shape[1]);
        return RawScan.Of(new Image(part.Shape.Count == 3 ? Luminance(pixels, part.Shape[2]) : pixels, width, height));
    }

    private static IEnumerable<ArchiveContent> Contents(CasePlan plan) =>
        new[] { plan.Content, plan.Mask }.OfType<ArchiveContent>();

    private NpyArray Part(ArchiveContent content)
    {
        Lazy<NpyArray>? array;
        lock (_uses)
        {
            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_arrays, (content.Path, content.Entry), out _);
            array = slot ??= new Lazy<NpyArray>(() => Load(content));
        }

        return content.Row is { } row ? array.Value.Part(row) : array.Value;
    }

    private static NpyArray Load(ArchiveContent content)
    {
        using var archive = NpzFile.Open(content.Path);
        var array = archive.Read(content.Entry);
        // Parts of a Fortran array lie scattered; such archives are rare and no reason for a second way of reading.
        return array.FortranOrder && content.Row is not null
            ? throw new InputDataException(content.Path, $"its array '{content.Entry}' is in Fortran order; expected C order, as np.savez writes np.ascontiguousarray(a)")
            : array;
    }

    private static float[] Luminance(float[] pixels, int samples)
    {
        var grey = new float[pixels.Length / samples];
        for (var i = 0; i < grey.Length; i++)
            grey[i] = 0.299f * pixels[i * samples] + 0.587f * pixels[i * samples + 1] + 0.114f * pixels[i * samples + 2]; // ITU-R BT.601
        return grey;
    }
}
