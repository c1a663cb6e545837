using System.Globalization;
using System.Text;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary><c>candidates.csv</c> beside the arrays of a case: <c>slice,row,column,class</c>, in voxels of the stored volume.</summary>
internal static class CandidateFile
{
    public const string Name = "candidates.csv";

    private const string Header = "slice,row,column,class";

    /// <summary>Writes the places that lie in the volume.</summary>
    /// <param name="path">Its place.</param>
    /// <param name="points">In mm, RAS+.</param>
    /// <param name="volume">The case, with an affine.</param>
    /// <returns>How many lie outside and were left out.</returns>
    public static int Write(string path, IReadOnlyList<WorldPoint> points, StoreCase volume)
    {
        var toVoxel = volume.Affine!.Inverse();
        var text = new StringBuilder(Header).Append('\n');
        var outside = 0;
        foreach (var point in points)
        {
            var (n, h, w) = toVoxel.Apply(point.X, point.Y, point.Z);
            // Half a voxel beyond the outermost centres is still the volume.
            if (n < -0.5 || h < -0.5 || w < -0.5 || n > volume.Slices - 0.5 || h > volume.Height - 0.5 || w > volume.Width - 0.5)
                outside++;
            else
                text.Append(CultureInfo.InvariantCulture, $"{n:0.###},{h:0.###},{w:0.###},{point.Class}\n");
        }

        StoreFiles.Write(path, s => s.Write(Encoding.UTF8.GetBytes(text.ToString())), flush: false);
        return outside;
    }

    /// <exception cref="InputDataException">Missing or damaged.</exception>
    public static IReadOnlyList<Candidate> Read(string path)
    {
        if (!File.Exists(path))
            throw new InputDataException(path, "is missing; run 'conjoint prepare' again to mend the store");
        var lines = SetFolder.Lines(path);
        var candidates = new List<Candidate>();
        for (var i = 1; i < lines.Count; i++)
        {
            var cells = lines[i].Split(',');
            if (cells.Length != 4 || !Number(cells[0], out var n) || !Number(cells[1], out var h) || !Number(cells[2], out var w)
                || !int.TryParse(cells[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var label))
            {
                throw new InputDataException(path, $"line {i + 1} is no {Header}; run 'conjoint prepare' again to mend the store");
            }

            candidates.Add(new Candidate(n, h, w, label));
        }

        return candidates;
    }

    private static bool Number(string text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
