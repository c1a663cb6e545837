using System.Text.Json;
using System.Text.Json.Serialization;
using Conjoint.Imaging;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Training.Checkpoints;

/// <summary>
/// All that a run needs to go on as if it had never stopped: weights and buffers, momentum, prototypes, queue or memory bank,
/// the state of random numbers, and the place in the epoch.
/// </summary>
internal sealed class Checkpoint : IDisposable
{
    private const string MetadataKey = "conjoint_checkpoint";

    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() }, RespectRequiredConstructorParameters = true };

    /// <summary>The prefix of the state of the nets.</summary>
    public const string NetPrefix = "net.";

    /// <summary>The prefix of the optimiser's momentum.</summary>
    public const string MomentumPrefix = "momentum.";

    /// <summary>The prefix of what the stage keeps beside its nets.</summary>
    public const string StagePrefix = "stage.";

    /// <summary>The prefix of the monitors' state.</summary>
    public const string MonitorPrefix = "monitor.";

    /// <summary>The name of the random generator's state.</summary>
    public const string RandomName = "random";

    private readonly IDisposable? _owner;

    /// <summary>Makes a checkpoint; it owns the tensors from now on.</summary>
    public Checkpoint(CheckpointHeader header, IReadOnlyDictionary<string, Tensor> tensors, IDisposable? owner = null) =>
        (Header, Tensors, _owner) = (header, tensors, owner);

    /// <summary>Where the run stood.</summary>
    public CheckpointHeader Header { get; }

    /// <summary>Every tensor by its name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>The tensors whose names begin with a prefix, without it.</summary>
    public IReadOnlyDictionary<string, Tensor> Part(string prefix) =>
        Tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(t => t.Key[prefix.Length..], t => t.Value);

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Write(string path)
    {
        var metadata = new Dictionary<string, string> { [MetadataKey] = JsonSerializer.Serialize(Header, s_json) };
        AtomicFile.Write(path, stream => Safetensors.Write(stream, Tensors.OrderBy(t => t.Key, StringComparer.Ordinal), metadata));
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputDataException">It is damaged or no checkpoint.</exception>
    public static Checkpoint Read(string path)
    {
        var file = Open(path);
        try
        {
            var header = file.Metadata.TryGetValue(MetadataKey, out var json) ? JsonSerializer.Deserialize<CheckpointHeader>(json, s_json) : null;
            return new Checkpoint(header ?? throw new InputDataException(path, "not a checkpoint of Conjoint; remove it to start the run anew."), file.Tensors, file);
        }
        catch (JsonException exception)
        {
            file.Dispose();
            throw new InputDataException(path, $"the checkpoint's header can't be read ({exception.Message}); remove it to start the run anew.", exception);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static SafetensorsFile Open(string path)
    {
        try
        {
            return Safetensors.Read(path);
        }
        catch (InputDataException error)
        {
            throw new InputDataException(path, $"{error.Reason.TrimEnd('.')}; remove it to go on from the last finished stage.", error);
        }
    }

    public void Dispose()
    {
        if (_owner is not null)
        {
            _owner.Dispose();
            return;
        }

        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }
}
