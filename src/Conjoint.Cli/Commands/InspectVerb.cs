using System.CommandLine;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Training.ReportData;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint inspect</c>: what a file, series, folder, store or weights file holds.</summary>
internal sealed class InspectVerb : Verb
{
    private readonly Argument<string[]> _paths = Flags.Paths("PATH", "Files, folders, stores, weights files.");
    private readonly Option<string> _out = Flags.Text("--out", "FILE", "Where the picture of a store's cases goes; without it, contact-sheet.png in the store.");
    private readonly Option<bool> _json = Flags.Json();

    public InspectVerb()
        : base("inspect", "Tell what a file, series, folder, store or weights file holds; of a store, draw its cases too.")
    {
        Add(_paths);
        Add(_out);
        Add(_json);
    }

    public override int Run(Invocation invocation)
    {
        var paths = invocation.Required(_paths);
        var picture = invocation.Value(_out);
        if (picture is not null && paths.Count(IsStore) != 1)
            throw new ConfigurationException($"--out: names the picture of one store, but {paths.Count(IsStore)} of the paths are stores; name one store, or leave --out away");
        var found = new List<object>();
        foreach (var path in paths)
        {
            invocation.Cancellation.ThrowIfCancellationRequested();
            found.AddRange(IsStore(path) ? [Draw(StoreDescription.Read(path), picture)] : Inspect(path));
        }

        found = WithDuplicates(found);
        if (invocation.Value(_json))
        {
            JsonOutput.Write(invocation.Out, found);
            return ExitCode.Done;
        }

        invocation.Out.Write(InspectText.Of(found));
        return ExitCode.Done;
    }

    private static bool IsStore(string path) => Directory.Exists(path) && PreparedStore.IsStore(path);

    private static IEnumerable<object> Inspect(string path) => WeightsFormats.HasName(path) && File.Exists(path)
        ? [WeightsDescription.Read(path)]
        : Inspection.Inspect(path);

    private static List<object> WithDuplicates(List<object> found)
    {
        var marked = new Queue<InspectionEntry>(Inspection.MarkDuplicates([.. found.OfType<InspectionEntry>()]));
        return [.. found.Select(thing => thing is InspectionEntry ? marked.Dequeue() : thing)];
    }

    /// <summary>The picture is a gift beside the facts: a store that can only be read is described without it, unless a file was named.</summary>
    private static StoreDescription Draw(StoreDescription description, string? file)
    {
        using var store = PreparedStore.Open(description.Path);
        var path = file ?? Path.Combine(description.Path, ContactSheet.FileName);
        try
        {
            var picture = ContactSheet.Draw(store);
            AtomicFile.Write(path, stream => stream.Write(picture));
            return description with { ContactSheet = path };
        }
        catch (Exception fault) when (file is null && fault is (IOException or UnauthorizedAccessException or InputDataException))
        {
            return description with { Problems = [.. description.Problems, $"its picture can't be drawn: {fault.Message}"] };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"--out: {file} can't be written ({fault.Message})", fault);
        }
    }
}
