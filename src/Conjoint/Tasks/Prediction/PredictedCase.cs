namespace Conjoint.Tasks.Prediction;

/// <summary>What was found in one scan.</summary>
/// <param name="Id">Its name, from which the names of its files are made.</param>
/// <param name="Source">The file or folder, beginning with the name of what the user named.</param>
/// <param name="Kind"><c>volume</c> or <c>image</c>.</param>
/// <param name="Masks">The files with the mask, relative to the output folder.</param>
/// <param name="Overlay">The picture, relative to the output folder; null where none was asked for.</param>
/// <param name="Classes">Every class of the model, found or not.</param>
/// <param name="Warnings">What a reader should know, one sentence each.</param>
public sealed record PredictedCase(
    string Id, string Source, string Kind, IReadOnlyList<string> Masks, string? Overlay, IReadOnlyList<PredictedClass> Classes, IReadOnlyList<string> Warnings);

/// <summary>How much of one class was found.</summary>
/// <param name="Label">The class's value in the mask.</param>
/// <param name="Voxels">Voxels, or pixels of an image.</param>
/// <param name="VolumeMl">Millilitres; null where the source states no voxel size.</param>
public sealed record PredictedClass(int Label, long Voxels, double? VolumeMl);
