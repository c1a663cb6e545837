using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Conjoint.Runtime;

namespace Conjoint.Benchmarks.Cells;

/// <summary>
/// The finished cells of a table, <c>cells.jsonl</c>: one JSON object a line, appended and flushed. Several processes may write to it,
/// and each may die at any moment.
/// </summary>
/// <remarks>The file is all there is to take over: copied into another folder, its cells are finished there too.</remarks>
public sealed class CellStore
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "cells.jsonl";

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // readable names; not for web pages
    };

    private readonly string _path;
    private readonly CellLocks _locks;
    private readonly Dictionary<(string Cell, string Digest), CellResult> _results = [];
    private long _read;

    /// <summary>Opens the store of a folder and reads what is there.</summary>
    public CellStore(string folder)
    {
        OutputFolder.Create(folder);
        _path = Path.Combine(folder, FileName);
        _locks = new CellLocks(folder);
        Refresh();
    }

    /// <summary>Whether a folder has a finished cell.</summary>
    internal static bool HasAny(string folder) => new FileInfo(Path.Combine(folder, FileName)) is { Exists: true, Length: > 0 };

    /// <summary>The result of a finished cell; null for one that isn't finished.</summary>
    public CellResult? Find(string cell, string digest) => _results.GetValueOrDefault((cell, digest));

    /// <summary>Takes in what other processes have finished.</summary>
    public void Refresh()
    {
        if (!File.Exists(_path))
            return;
        using var stream = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length < _read)
            _read = 0;
        stream.Position = _read;
        var bytes = new byte[stream.Length - _read];
        stream.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        _read += whole;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // A line that a killed process left unfinished is no result: that cell is computed again.
            if (Parse(line) is { } result)
                _results[(result.Cell, result.Digest)] = result;
        }
    }

    /// <summary>Adds a finished cell; on return it is on the disk.</summary>
    public void Add(CellResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        using (_locks.Wait("cells"))
        using (var stream = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            var line = JsonSerializer.Serialize(result, s_json) + "\n";
            stream.Seek(0, SeekOrigin.End);
            if (IsTorn(stream))
                line = "\n" + line;
            stream.Write(Encoding.UTF8.GetBytes(line));
            stream.Flush(flushToDisk: true);
        }

        _results[(result.Cell, result.Digest)] = result;
    }

    private static bool IsTorn(FileStream stream)
    {
        if (stream.Length == 0)
            return false;
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() != '\n';
    }

    private static CellResult? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<CellResult>(line, s_json) is { Cell: not null, Digest: not null, Numbers: not null, Cases: not null } result ? result : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
