namespace Conjoint.Imaging;

/// <summary>The frames of one file as stacks.</summary>
internal static class DicomFrames
{
    /// <summary>One stack for each time, echo or the like, all of one size; frames whose places make no stack stay in their order.</summary>
    public static IReadOnlyList<DicomStack> Stacks(DicomHeader header)
    {
        var (stacks, refused) = DicomAssembly.Assemble(header.Planes);
        if (refused.Count == 0 && stacks.All(stack => stack.Planes.Count == stacks[0].Planes.Count && (stack.Planes.Count > 1 || header.Frames == 1)))
            return stacks;
        var unplaced = header.Planes.Select(plane => plane with { Position = null }).ToArray();
        return [DicomStack.Of(unplaced) with { Problems = ["places of its frames make no even stack; frames are in the order of the file, without a place in space"] }];
    }
}
