using System.Text.Json;
using System.Text.Json.Serialization;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Training;
using static TorchSharp.torch;

namespace Conjoint.Tasks.FineTuning;

/// <summary>The checkpoint of a fine-tuning: one file with the state and the tensors, and one with the best weights.</summary>
/// <remarks>Written whole or not at all. The best weights lie apart since they change seldom.</remarks>
/// <typeparam name="TScore">What is kept of a scored case.</typeparam>
internal sealed class FineTuneCheckpoint<TScore>(RunFolder folder)
    where TScore : class
{
    private const string StateKey = "state";

    private static readonly JsonSerializerOptions s_json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
    };

    private readonly string _path = Path.Combine(folder.Checkpoints, "finetune.safetensors");

    /// <summary>Whether there is one.</summary>
    public bool Exists => File.Exists(_path);

    /// <summary>Removes files that a killed process left half-written.</summary>
    public void RemoveLeftovers()
    {
        if (!Directory.Exists(folder.Checkpoints))
            return;
        foreach (var left in Directory.EnumerateFiles(folder.Checkpoints, ".*.tmp"))
            File.Delete(left);
    }

    /// <summary>Reads the state and the tensors.</summary>
    /// <exception cref="InputDataException">The file can't be read.</exception>
    public (FineTuneState<TScore> State, SafetensorsFile Tensors) Read()
    {
        var file = Safetensors.Read(_path);
        try
        {
            if (file.Metadata.TryGetValue(StateKey, out var json) && JsonSerializer.Deserialize<FineTuneState<TScore>>(json, s_json) is { } state)
                return (state, file);
            throw new InputDataException(_path, "no checkpoint of a fine-tuning; remove the run's folder and start again.");
        }
        catch (JsonException exception)
        {
            file.Dispose();
            throw new InputDataException(_path, "no checkpoint of a fine-tuning that this version reads; remove the run's folder and start again.", exception);
        }
    }

    /// <summary>Writes the state and the tensors, then removes best weights that it doesn't know.</summary>
    public void Write(FineTuneState<TScore> state, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var metadata = new Dictionary<string, string> { [StateKey] = JsonSerializer.Serialize(state, s_json) };
        AtomicFile.Write(_path, stream => Safetensors.Write(stream, tensors, metadata));
        foreach (var old in Directory.EnumerateFiles(folder.Checkpoints, "best-*.safetensors"))
        {
            if (state.Phase != FineTunePhase.Train || Path.GetFileName(old) != state.Best?.FileName)
                File.Delete(old);
        }
    }

    /// <summary>Writes the best weights; the next <see cref="Write"/> refers to them.</summary>
    public void WriteBest(BestWeights best, IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        AtomicFile.Write(PathOf(best), stream => Safetensors.Write(stream, tensors));

    /// <summary>Reads the best weights.</summary>
    /// <exception cref="InputDataException">The file can't be read.</exception>
    public SafetensorsFile ReadBest(BestWeights best) => Safetensors.Read(PathOf(best));

    private string PathOf(BestWeights best) => Path.Combine(folder.Checkpoints, best.FileName);
}
