using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>The images of one scan that lie on one grid, the four sequences of a brain MR for instance: cases of their own in a store, channels for a net.</summary>
public static class ChannelCases
{
    /// <summary>The cases of a scan by the names of their channels.</summary>
    /// <param name="store">The store.</param>
    /// <param name="storeCase">One of the scan's cases, that with the mask.</param>
    /// <param name="channels">The names, in the order that is wanted; empty for the case alone.</param>
    /// <returns>A case a channel; the given case where no channels are named.</returns>
    /// <exception cref="InputDataException">The scan lacks a channel, or one lies on another grid.</exception>
    public static IReadOnlyList<StoreCase> Of(PreparedStore store, StoreCase storeCase, IReadOnlyList<string> channels)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(storeCase);
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count == 0)
            return [storeCase];
        var path = Path.Combine(store.Folder, storeCase.Id);
        if (storeCase.ChannelGroup is null)
            throw new InputDataException(path, $"is no scan of several channels, but {string.Join(", ", channels)} are asked for; expected a store made with --dataset brats2018 or msd");

        var byName = store.Cases.Where(c => c.ChannelGroup == storeCase.ChannelGroup && c.Dataset == storeCase.Dataset).ToLookup(c => c.Channel!, StringComparer.OrdinalIgnoreCase);
        return [.. channels.Select(name =>
        {
            var found = byName[name].FirstOrDefault()
                ?? throw new InputDataException(path, $"has no channel '{name}'; it has {string.Join(", ", byName.Select(c => c.Key).Order(StringComparer.Ordinal))}");
            return (found.Slices, found.Height, found.Width) == (storeCase.Slices, storeCase.Height, storeCase.Width) && SameGrid(found.Affine, storeCase.Affine)
                ? found
                : throw new InputDataException(path, $"and its channel '{name}' lie on different grids; expected channels voxel over voxel (--spacing and --crop of numbers keep them so)");
        })];
    }

    /// <summary>Whether voxels lie over each other within a tenth of their size; without two affines there is nothing to compare.</summary>
    internal static bool SameGrid(Affine? a, Affine? b)
    {
        if (a is null || b is null)
            return true;
        var allowed = 0.1 * Enumerable.Range(0, 3).Min(b.SpacingMm);
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 4; column++)
            {
                // A direction counts as often as there may be voxels along it; a thousandth of a voxel a step adds up to one.
                if (!(Math.Abs(a[row, column] - b[row, column]) <= (column == 3 ? allowed : allowed / 100)))
                    return false;
            }
        }

        return true;
    }
}
