using Conjoint.Data;

namespace Conjoint.Tasks;

/// <summary>Names of files that hold one channel of a scan.</summary>
internal static class ChannelName
{
    /// <summary>The scan's name and the channel; null where the name ends in none of them.</summary>
    /// <param name="source">A file, '/' between parts.</param>
    /// <param name="channels">The channels' names.</param>
    public static (string Scan, string Channel)? Of(string source, IReadOnlyList<string> channels)
    {
        var stem = FileNames.Stem(source);
        var channel = channels.FirstOrDefault(name => stem.Length > name.Length + 1 && stem.EndsWith("_" + name, StringComparison.OrdinalIgnoreCase));
        return channel is null ? null : (source[..(source.LastIndexOf('/') + 1)] + stem[..^(channel.Length + 1)], channel);
    }
}
