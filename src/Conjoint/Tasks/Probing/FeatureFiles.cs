using System.Globalization;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Training;

namespace Conjoint.Tasks.Probing;

/// <summary>
/// <c>features/</c> of a probe's folder: <c>cases.csv</c> with a row a case (<c>case</c>, <c>split</c>, <c>target</c>, the class's place or
/// the number), and for each kind of features <c>NAME.npy</c>, float32 [n, F], in the same order.
/// </summary>
internal sealed class FeatureFiles
{
    private readonly string _folder;

    private FeatureFiles(string folder) => _folder = folder;

    /// <summary>Makes the folder and the table.</summary>
    public static FeatureFiles Begin(RunFolder run, ProbeCases cases)
    {
        var folder = Path.Combine(run.Path, "features");
        OutputFolder.Create(folder);
        AtomicFile.WriteText(Path.Combine(folder, "cases.csv"), string.Concat(cases.All
            .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Id},{c.Split},{cases.TargetOf(c):R}\n")).Prepend("case,split,target\n")));
        return new FeatureFiles(folder);
    }

    /// <summary>Writes one kind of features.</summary>
    public void Write(string name, float[][] values) => AtomicFile.Write(
        Path.Combine(_folder, name + ".npy"), stream => NpyFile.Write<float>(stream, [.. values.SelectMany(v => v)], [values.Length, values[0].Length]));
}
