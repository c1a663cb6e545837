using Conjoint.Data;

namespace Conjoint.Tasks.Detection;

/// <summary>What was found on an image, beside what is there.</summary>
/// <param name="Case">The case's id.</param>
/// <param name="Truth">Its true boxes.</param>
/// <param name="Found">The detections, by falling score.</param>
public sealed record DetectedCase(string Case, IReadOnlyList<Box> Truth, IReadOnlyList<FoundBox> Found);
