namespace Conjoint.Tasks.Metrics;

/// <summary>How well one foreground class of one case was found.</summary>
/// <param name="Label">The class's value in the mask.</param>
/// <param name="Dice">In [0, 1]; NaN when the class is absent from truth and prediction.</param>
/// <param name="Iou">In [0, 1]; NaN when the class is absent from truth and prediction.</param>
/// <param name="Hd95">In mm, or in pixels where the source states no voxel size; NaN when it wasn't asked for or the class is absent from both.</param>
/// <param name="Assd">In mm, or in pixels where the source states no voxel size; NaN when it wasn't asked for or the class is absent from both.</param>
public sealed record ClassScore(int Label, double Dice, double Iou, double Hd95 = double.NaN, double Assd = double.NaN);
