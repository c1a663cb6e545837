using System.Globalization;
using System.Text;
using System.Text.Json;
using Conjoint.Benchmarks.Statistics;
using Conjoint.Runtime;
using Conjoint.Training;

namespace Conjoint.Benchmarks.Tables;

/// <summary>Table 8: how many parameters the methods' nets have.</summary>
/// <param name="Rows">What was published, and what was counted.</param>
public sealed record ParameterTable(IReadOnlyList<ParameterRow> Rows)
{
    /// <summary>Builds the nets of presets <c>paper</c> and <c>released</c> and counts both encoders, which are what a user keeps.</summary>
    public static ParameterTable Compute()
    {
        NativeBoot.Require();
        long Count(string preset) => NetSizes.Of(Presets.Resolve(preset)).Where(n => n.Net is "slice_encoder" or "volume_encoder").Sum(n => n.Parameters);
        return new ParameterTable(
        [
            .. PublishedTable.Parameters.Select(p => new ParameterRow(p.Method, p.Parameters, p.Method == "Our" ? Count("released") : null, p.Method == "Our" ? "preset released" : null)),
            new ParameterRow("Our, after the equations", null, Count("paper"), "preset paper"),
        ]);
    }

    /// <summary>The page.</summary>
    public static string Markdown(ParameterTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var text = new StringBuilder("# Table 8\n\nParameters of both encoders, without heads and prototypes.\n\n| method | published | counted | |\n| --- | --- | --- | --- |\n");
        foreach (var row in table.Rows)
            text.Append(CultureInfo.InvariantCulture, $"| {row.Method} | {row.Published ?? "–"} | {(row.Counted is { } n ? n.ToString("N0", CultureInfo.InvariantCulture) : "–")} | {row.Of} |\n");
        return text.ToString();
    }

    /// <summary>Writes <c>table8.md</c> and <c>table8.json</c>.</summary>
    /// <param name="folder">Made when missing.</param>
    /// <param name="table">What to write.</param>
    public static void Write(string folder, ParameterTable table)
    {
        OutputFolder.Create(folder);
        AtomicFile.WriteText(Path.Combine(folder, "table8.md"), Markdown(table));
        AtomicFile.WriteText(Path.Combine(folder, "table8.json"), JsonSerializer.Serialize(table, SummaryJson.Options) + "\n");
    }
}

/// <summary>A row of Table 8.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Published">As printed; null where the paper has no such row.</param>
/// <param name="Counted">Counted here; null for methods that aren't built here.</param>
/// <param name="Of">What was counted.</param>
public sealed record ParameterRow(string Method, string? Published, long? Counted, string? Of);
