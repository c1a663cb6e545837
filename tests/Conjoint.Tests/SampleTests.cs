using System.Text.RegularExpressions;
using Conjoint.Imaging;
using Conjoint.LibrarySamples;
using Conjoint.Tests.Tasks;
using Conjoint.TestSupport;

namespace Conjoint.Tests;

/// <summary>The samples do what they say, and the page on the library shows the very text that is built.</summary>
public sealed partial class SampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();

    public SampleTests()
    {
        TinyModel.WriteJoint(_folder["weights.safetensors"]);
        TinyModel.WriteSegmenter(_folder["segmenter.safetensors"], 1, 2);
        Directory.CreateDirectory(_folder["scans"]);
        var random = new Random(5);
        foreach (var (name, slices) in new[] { ("a", 5), ("b", 7), ("c", 9) })
        {
            float[] voxels = [.. Enumerable.Range(0, 12 * 10 * slices).Select(_ => (float)random.Next(256))];
            NiftiFile.Write(_folder[$"scans/{name}.nii"], new Volume(voxels, 12, 10, slices, Affine.FromSpacing(1, 1, 3)), NiftiDataType.Int16);
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Weights_tell_their_widths()
    {
        LoadWeights.Run(_folder["weights.safetensors"], _output);
        Assert.Contains("a slice becomes 244 numbers", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("a volume becomes 16 numbers", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_volume_and_its_slices_are_embedded()
    {
        EmbedVolume.Run(_folder["weights.safetensors"], _folder["scans/b.nii"], _output);
        Assert.Contains("7 slices of 244 numbers", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_case_most_like_a_scan_is_the_scan_itself()
    {
        SimilarCases.Run(_folder["weights.safetensors"], _folder["scans"], _folder["scans/b.nii"], _output);
        var lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal("1.000  scans/b.nii", lines[0].TrimEnd());
    }

    [Fact]
    public void A_mask_is_written_over_the_scan()
    {
        SegmentVolume.Run(_folder["segmenter.safetensors"], _folder["scans/c.nii"], _folder["masks"], _output);
        var mask = ImageFile.ReadVolume(Directory.EnumerateFiles(_folder["masks"], "*.nii.gz").Single());
        Assert.Equal((12, 10, 9), (mask.SizeX, mask.SizeY, mask.SizeZ));
        var counts = Voxels().Matches(_output.ToString()).Select(m => int.Parse(m.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal([mask.Voxels.Count(v => v == 1), mask.Voxels.Count(v => v == 2)], counts);
    }

    [Fact]
    public void The_page_shows_the_text_that_is_built()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Folder, "samples/Conjoint.Samples"), "*.cs").Select(f => Flat(File.ReadAllText(f))).ToArray();
        var blocks = Documentation.CodeBlocks("docs/library.md", "csharp").ToArray();
        Assert.Equal(4, blocks.Length);
        Assert.All(blocks, block => Assert.True(sources.Any(s => s.Contains(Flat(block), StringComparison.Ordinal)), $"docs/library.md shows what no sample holds:\n{block}"));
    }

    /// <summary>Without indentation and empty lines.</summary>
    private static string Flat(string text) => string.Join('\n', text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0));

    [GeneratedRegex("class ([0-9]+): ([0-9]+) voxels")]
    private static partial Regex Voxels();
}
