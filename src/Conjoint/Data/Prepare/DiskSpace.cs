using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>Whether a store will fit on its disk: asked before anything is written.</summary>
internal static class DiskSpace
{
    /// <param name="storeFolder">The store; its folder of cases exists.</param>
    /// <param name="needed">Bytes that the finished store will take, about.</param>
    /// <exception cref="InputDataException">The disk has too little space.</exception>
    public static void Require(string storeFolder, long needed)
    {
        var there = new DirectoryInfo(Path.Combine(storeFolder, PreparedStore.CasesFolder))
            .EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        Require(storeFolder, needed, there, new DriveInfo(Path.GetFullPath(storeFolder)).AvailableFreeSpace);
    }

    /// <param name="storeFolder">The store.</param>
    /// <param name="needed">Bytes that the finished store will take.</param>
    /// <param name="there">Bytes that an earlier run has written: most of them are kept or written over.</param>
    /// <param name="free">Bytes that are free.</param>
    internal static void Require(string storeFolder, long needed, long there, long free)
    {
        if (needed - there <= free)
            return;
        throw new InputDataException(storeFolder, $"needs about {Size(needed - there)} more on the disk for this store, but there are {Size(free)} left; free some, or choose another disk with --out");
    }

    private static string Size(long bytes) => bytes >= 10L << 30 ? $"{bytes >> 30} GiB" : $"{bytes >> 20} MiB";
}
