namespace Conjoint.Data;

/// <summary>What the authors' release makes of the labels of the MMWHS hearts, to compare with their numbers.</summary>
/// <remarks>
/// The slices hold 30, 60, ..., 210 for the seven structures. Which classes they become hangs on the data set's name: only names that begin
/// with "las" keep the seven apart, and the names that the release's own instructions use don't, so that all of them become class 1.
/// </remarks>
public static class ReleasedHeartLabels
{
    private const int Step = 30;

    // As MMWHS numbers them, ascending.
    private static readonly int[] s_structures = [205, 420, 500, 550, 600, 820, 850];

    /// <summary>The mask's grey value on disk. A label that MMWHS doesn't define keeps its lowest 8 bits: 421, in one scan, becomes 165.</summary>
    public static byte ToGrey(int label)
    {
        var structure = Array.IndexOf(s_structures, label);
        return structure < 0 ? unchecked((byte)label) : (byte)(Step * (structure + 1));
    }

    /// <summary>The class that the release trains on.</summary>
    /// <param name="grey">The mask's grey value.</param>
    /// <param name="keepsStructures">True for the names with "las": 1 to 7, others 0; false for every other name: 1 for anything but background.</param>
    public static int ClassOf(byte grey, bool keepsStructures) => !keepsStructures ? Math.Min((int)grey, 1)
        : grey % Step == 0 && grey / Step <= s_structures.Length ? grey / Step
        : 0;
}
