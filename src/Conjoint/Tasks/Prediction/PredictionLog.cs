using System.Diagnostics;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Tasks.Prediction;

/// <summary>
/// What has been found so far, and its files, written anew every few seconds and at the end, also at one that comes too early: hours of work are not lost with the last scan.
/// </summary>
/// <typeparam name="T">What is found in a scan.</typeparam>
internal sealed class PredictionLog<T>(string folder, InferenceInputs scans, Action<IReadOnlyList<T>> write) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly List<T> _found = [];
    private readonly Stopwatch _sinceWritten = Stopwatch.StartNew();

    /// <summary>What has been found, in the order of the inputs.</summary>
    public IReadOnlyList<T> Found => _found;

    /// <summary>Adds what was found next.</summary>
    public void Add(T found)
    {
        _found.Add(found);
        if (_sinceWritten.Elapsed > s_pause)
            Write();
    }

    /// <summary>All that was found, once nothing is left to look at.</summary>
    /// <param name="input">The first of the inputs, for the error.</param>
    /// <exception cref="InputDataException">Nothing was.</exception>
    public IReadOnlyList<T> All(string input) => _found.Count > 0 ? _found : throw new InputDataException(input, "none of the scans could be read.");

    /// <summary>Writes what there is.</summary>
    public void Dispose() => Write();

    private void Write()
    {
        if (_found.Count == 0)
            return;
        AtomicFile.Write(Path.Combine(folder, PreparedStore.SkippedFile), stream => SkippedInput.Write(stream, scans.Skipped));
        PredictionFiles.WriteJson(folder, _found);
        write(_found);
        _sinceWritten.Restart();
    }
}
