using System.Text.Json;
using System.Text.Json.Serialization;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>A setting that is one word or a few numbers, and stands in a manifest as the command line takes it.</summary>
/// <typeparam name="T">The setting.</typeparam>
public interface IReadableText<T>
    where T : class, IReadableText<T>
{
    /// <summary>Reads what <see cref="object.ToString"/> gives.</summary>
    /// <exception cref="ConfigurationException">Something else.</exception>
    static abstract T Parse(string text);
}

/// <summary>Writes such a setting as a text.</summary>
internal sealed class TextJson<T> : JsonConverter<T>
    where T : class, IReadableText<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return T.Parse(reader.TokenType == JsonTokenType.String ? reader.GetString()! : "");
        }
        catch (ConfigurationException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
