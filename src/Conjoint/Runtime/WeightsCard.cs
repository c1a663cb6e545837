using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Conjoint.Runtime;

/// <summary>
/// What a weights file says about itself: how to build the nets again, how input has to be scaled, and what they learned from.
/// </summary>
/// <remarks>
/// No times, no paths, no identifiers: two equal trainings give two equal files. It stands as one line of JSON in the
/// safetensors metadata under <see cref="MetadataKey"/>.
/// </remarks>
public sealed record WeightsCard
{
    /// <summary>The key of the safetensors metadata.</summary>
    public const string MetadataKey = "conjoint";

    /// <summary>The newest card that this version reads and the one that it writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The licence of weights that Conjoint made from nothing but data.</summary>
    public const string OwnLicence = "Apache-2.0";

    /// <summary>SPDX's word for terms that nobody has stated: those of weights that came without a card, and of what was made from them.</summary>
    public const string UnknownLicence = "NOASSERTION";

    /// <summary>The card's own format.</summary>
    public int FormatVersion { get; init; } = CurrentFormat;

    /// <summary>The version of Conjoint that wrote the file.</summary>
    public string ConjointVersion { get; init; } = Runtime.ConjointVersion.Current;

    /// <summary>The preset that the run was built on: <c>paper</c>, <c>small</c>, <c>tiny</c>, <c>released</c>, or <c>custom</c>.</summary>
    public required string Preset { get; init; }

    /// <summary>The clustering method: <c>swav</c>, <c>deepcluster-v2</c>; <c>scratch</c> for a net that learned from labels alone.</summary>
    public required string Method { get; init; }

    /// <summary>The last finished stage: <c>slices</c>, <c>masked</c>, <c>volumes</c>, or <c>finetune</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>The labelled task that a fine-tuned model does, <c>segment</c> for one; null for pre-trained weights.</summary>
    public string? Task { get; init; }

    /// <summary>The settings of every net in the file by its name, read by <see cref="Net{T}"/>.</summary>
    public JsonObject Architecture { get; init; } = [];

    /// <summary>How input is scaled before the first layer.</summary>
    public required InputNormalisation Input { get; init; }

    /// <summary>What the training saw, counted.</summary>
    public IReadOnlyList<DataSummary> Data { get; init; } = [];

    /// <summary>The terms of use of the weights, an SPDX expression where there is one.</summary>
    public string Licence { get; init; } = OwnLicence;

    /// <summary>A card with one more net in it.</summary>
    /// <param name="name">The net's name, <c>slice_encoder</c> for one; the same as the first part of its tensors' names where they have one.</param>
    /// <param name="settings">An immutable record of settings.</param>
    public WeightsCard WithNet<T>(string name, T settings)
        where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(settings);
        var architecture = Architecture.DeepClone().AsObject();
        architecture[name] = JsonSerializer.SerializeToNode(settings, s_json);
        return this with { Architecture = architecture };
    }

    /// <summary>The settings of a net; null when the file has no such net.</summary>
    /// <exception cref="InvalidDataException">The settings are there and cannot be read as <typeparamref name="T"/>.</exception>
    public T? Net<T>(string name)
        where T : class
    {
        if (Architecture[name] is not { } node)
            return null;
        try
        {
            return node.Deserialize<T>(s_json);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"the settings of '{name}' in the weights' card can't be read ({exception.Message})", exception);
        }
    }

    /// <summary>The card as one line of JSON with its keys in fixed order.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Not a card, or one of a newer format.</exception>
    public static WeightsCard FromJson(string json)
    {
        try
        {
            var card = JsonSerializer.Deserialize<WeightsCard>(json, s_json)
                ?? throw new InvalidDataException("the weights' card is empty");
            if (card.FormatVersion is not (>= 1 and <= CurrentFormat))
                throw new InvalidDataException($"the weights' card has format {card.FormatVersion}; this version of Conjoint reads up to {CurrentFormat}");
            return card.Input.Fault() is { } fault
                ? throw new InvalidDataException(FormattableString.Invariant($"the weights' card has an input of {fault}"))
                : card;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // ArgumentException: a key twice among the nets.
            throw new InvalidDataException($"the weights' card can't be read ({exception.Message})", exception);
        }
    }

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        // A file may say anything: null where there is none, or a key twice, is an error.
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };
}
