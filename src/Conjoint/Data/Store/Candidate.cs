namespace Conjoint.Data;

/// <summary>A place in a stored volume that may be a finding.</summary>
/// <param name="Slice">Position along the slices, in voxels, voxel centres at whole numbers.</param>
/// <param name="Row">Along the rows.</param>
/// <param name="Column">Along the columns.</param>
/// <param name="Class">What the source calls it: of LUNA16, 1 a nodule and 0 none.</param>
public readonly record struct Candidate(double Slice, double Row, double Column, int Class);
