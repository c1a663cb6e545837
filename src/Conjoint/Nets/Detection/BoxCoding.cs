namespace Conjoint.Nets.Detection;

/// <summary>From boxes to the numbers that a detector regresses, and back.</summary>
/// <remarks>Source: Girshick et al., "Rich Feature Hierarchies for Accurate Object Detection" (2014), appendix C; weights and clip as torchvision.</remarks>
public sealed record BoxCoding
{
    /// <summary>Factors of the four numbers, above 0: about the inverse of their spread, so that all weigh alike in the loss.</summary>
    public BoxDelta Weights { get; init; } = new(1, 1, 1, 1);   // the proposal head's; the box head's are 10, 10, 5, 5

    /// <summary>Largest logarithm of a size's ratio that is believed; ln(1000/16), so that no box explodes.</summary>
    public double LogClip { get; init; } = Math.Log(1000.0 / 16);

    /// <summary>What the net should have predicted.</summary>
    /// <param name="truth">The true box, of positive size.</param>
    /// <param name="proposal">The anchor or proposal, of positive size.</param>
    public BoxDelta Encode(in BoxCorners truth, in BoxCorners proposal) => new(
        Weights.X * (CentreX(truth) - CentreX(proposal)) / proposal.Width,
        Weights.Y * (CentreY(truth) - CentreY(proposal)) / proposal.Height,
        Weights.Width * Math.Log(truth.Width / proposal.Width),
        Weights.Height * Math.Log(truth.Height / proposal.Height));

    /// <summary>The box that a prediction means.</summary>
    /// <param name="delta">What the net predicted.</param>
    /// <param name="proposal">The anchor or proposal.</param>
    public BoxCorners Decode(in BoxDelta delta, in BoxCorners proposal)
    {
        var x = CentreX(proposal) + delta.X / Weights.X * proposal.Width;
        var y = CentreY(proposal) + delta.Y / Weights.Y * proposal.Height;
        var halfWidth = proposal.Width * Math.Exp(Math.Min(delta.Width / Weights.Width, LogClip)) / 2;
        var halfHeight = proposal.Height * Math.Exp(Math.Min(delta.Height / Weights.Height, LogClip)) / 2;
        return new BoxCorners(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
    }

    private static double CentreX(in BoxCorners box) => box.X1 + box.Width / 2;

    private static double CentreY(in BoxCorners box) => box.Y1 + box.Height / 2;
}
