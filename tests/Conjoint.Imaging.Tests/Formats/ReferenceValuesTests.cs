using System.Globalization;

namespace Conjoint.Imaging.Tests.Formats;

/// <summary>Real files against values from nibabel and NumPy, when CONJOINT_DATA_DIR names the folder with formats/expected.csv.</summary>
public sealed class ReferenceValuesTests
{
    private static readonly string? DataFolder = Environment.GetEnvironmentVariable("CONJOINT_DATA_DIR");

    [Theory]
    [InlineData("nifti")]
    [InlineData("npy")]
    [InlineData("metaimage")]
    [InlineData("nrrd")]
    public void Files_have_the_reference_reader_s_values(string folder)
    {
        Assert.SkipWhen(DataFolder is null, "CONJOINT_DATA_DIR doesn't name a data folder");
        var rows = ReadCsv(Path.Combine(DataFolder!, "formats", "expected.csv"))
            .Where(row => row["file"].StartsWith($"formats/{folder}/", StringComparison.Ordinal))
            // The reference took the letters of this one's numbers for the numbers; NrrdFileTests has the true ones.
            .Where(row => row["transfer_syntax_or_encoding"] != "ASCII,").ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Check(Path.Combine(DataFolder!, row["file"]), row));
    }

    [Fact]
    public void Malformed_files_are_refused_with_their_name()
    {
        Assert.SkipWhen(DataFolder is null, "CONJOINT_DATA_DIR doesn't name a data folder");
        var files = Directory.GetFiles(Path.Combine(DataFolder!, "formats", "malformed"));
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var fault = Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(file));
            Assert.StartsWith(file, fault.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("dicom")]
    [InlineData("dicom_series")]
    public void DICOM_has_the_reference_reader_s_values(string folder)
    {
        Assert.SkipWhen(DataFolder is null, "CONJOINT_DATA_DIR doesn't name a data folder");
        var rows = ReadCsv(Path.Combine(DataFolder!, "formats", "expected.csv"))
            .Where(row => row["file"].StartsWith($"formats/{folder}/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => CheckDicom(Path.Combine(DataFolder!, row["file"]), row));
    }

    private static void CheckDicom(string path, Dictionary<string, string> row)
    {
        const string jpegLs = "1.2.840.10008.1.2.4.8";
        InspectionEntry entry;
        try
        {
            entry = Assert.Single(Inspection.Inspect(path));
        }
        catch (InputDataException fault) when (row["transfer_syntax_or_encoding"].StartsWith(jpegLs, StringComparison.Ordinal))
        {
            Assert.Contains("install dcmdjpls", fault.Message, StringComparison.Ordinal); // no such program on this machine
            return;
        }

        // The reference has frames, rows, columns[, samples].
        var sizes = row["shape"].Split('x').Select(int.Parse).ToList();
        int[] samples = row["photometric"] is "RGB" or "YBR_FULL_422" ? [sizes[^1]] : [];
        var grid = sizes[..^samples.Length];
        Assert.Equal([grid[^1], grid[^2], grid.Count > 2 ? grid[0] : 1, .. samples], entry.Shape!);
        var isLossy = row["transfer_syntax_or_encoding"] is "1.2.840.10008.1.2.4.51" or "1.2.840.10008.1.2.4.91";
        Assert.Equal(Number(row["min"]), entry.Min!.Value, 1e-9 * Math.Abs(Number(row["min"])));
        Assert.Equal(Number(row["max"]), entry.Max!.Value, 1e-9 * Math.Abs(Number(row["max"])));
        // The reference prints nine digits; cosine transforms round differently.
        Assert.Equal(Number(row["mean"]), entry.Mean!.Value, isLossy ? 2e-3 : 1e-8 * Math.Max(1e-3, Math.Abs(Number(row["mean"]))));
        if (row["spacing"].Length > 0)
        {
            var spacing = row["spacing"].Split(';')[0].Split('x').Select(Number).ToArray();
            Assert.Equal(spacing[1], entry.SpacingMm![0], 1e-6);
            Assert.Equal(spacing[0], entry.SpacingMm[1], 1e-6);
        }
    }

    private static void Check(string path, Dictionary<string, string> row)
    {
        var entry = Assert.Single(Inspection.Inspect(path));
        var shape = row["shape"].Count(letter => letter == 'x') == 1 ? row["shape"] + "x1" : row["shape"];
        Assert.Equal(shape, string.Join('x', entry.Shape!));
        Assert.Equal(NumPyName(row["stored_type"]), entry.DType);
        Assert.Equal(Number(row["min"]), entry.Min!.Value, 1e-9 * Math.Max(1, Math.Abs(Number(row["min"]))));
        Assert.Equal(Number(row["max"]), entry.Max!.Value, 1e-9 * Math.Max(1, Math.Abs(Number(row["max"]))));
        // The reference prints nine digits.
        Assert.Equal(Number(row["mean"]), entry.Mean!.Value, 1e-8 * Math.Max(1, Math.Abs(Number(row["mean"]))));
        Assert.Equal(int.Parse(row["nonfinite"], CultureInfo.InvariantCulture), entry.NonFinite);
        CheckSpacing(row["spacing"], entry);
        if (row["transfer_syntax_or_encoding"].Contains("affine=", StringComparison.Ordinal))
            CheckAffine(path, row);
        CheckProbe(path, row["probe"]);
    }

    /// <summary>Lengths with an x or a space between them, or vectors.</summary>
    private static void CheckSpacing(string text, InspectionEntry entry)
    {
        if (text is "" or "(none)")
            return;
        var spacing = text.StartsWith('(')
            ? text.Split(' ').Where(part => part != "none").Select(part => Math.Sqrt(part.Trim('(', ')').Split(',').Sum(n => Number(n) * Number(n))))
            : text.Split('x', ' ').Take(3).Select(Number);
        foreach (var (expected, axis) in spacing.Select((expected, axis) => (expected, axis)))
            Assert.Equal(expected, entry.SpacingMm![axis], 1e-5);
    }

    private static void CheckAffine(string path, Dictionary<string, string> row)
    {
        var text = row["transfer_syntax_or_encoding"].Split("affine=")[1].Split(';');
        var affine = ImageFile.ReadHeader(path).Affine!;
        for (var r = 0; r < 3; r++)
        {
            var numbers = text[r].Split(',').Select(Number).ToArray();
            for (var c = 0; c < 4; c++)
                Assert.Equal(numbers[c], affine[r, c], 1e-5 * Math.Max(1, Math.Abs(numbers[c])));
        }
    }

    private static void CheckProbe(string path, string probe)
    {
        var index = probe[(probe.IndexOf('[') + 1)..probe.IndexOf(']')].Split(',').Select(int.Parse).ToArray();
        var text = probe.Split('=')[1];
        var expected = text switch { "False" => 0, "True" => 1, _ => Number(text) };

        // Frames are stored t fastest, then the fifth axis; the probes have at most one of the two above zero.
        var shape = ImageFile.ReadHeader(path).Shape;
        var frame = index.Length > 4 ? index[3] + shape[3] * index[4] : index.Length > 3 ? index[3] : 0;
        var volume = ImageFile.ReadVolume(path, frame);
        Assert.Equal(expected, volume[index[0], index[1], index.Length > 2 ? index[2] : 0], 1e-6 * Math.Max(1, Math.Abs(expected)));
    }

    private static string NumPyName(string type) => type switch
    {
        ">i2" => "int16",
        ">f4" => "float32",
        _ => type,
    };

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<Dictionary<string, string>> ReadCsv(string path)
    {
        var lines = File.ReadAllLines(path);
        var names = Split(lines[0]);
        return lines.Skip(1).Select(line => names.Zip(Split(line)).ToDictionary(pair => pair.First, pair => pair.Second));
    }

    private static List<string> Split(string line)
    {
        var fields = new List<string> { "" };
        var isQuoted = false;
        foreach (var letter in line)
        {
            if (letter == '"')
                isQuoted = !isQuoted;
            else if (letter == ',' && !isQuoted)
                fields.Add("");
            else
                fields[^1] += letter;
        }

        return fields;
    }
}
