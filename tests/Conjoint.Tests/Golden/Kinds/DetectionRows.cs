using System.Globalization;
using Conjoint.Nets.Detection;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The tables of true and detected boxes that the cases of average precision hold.</summary>
internal static class DetectionRows
{
    public static TrueBox[] Truths(GoldenCase golden)
    {
        Assert.Equal("image,class,x1,y1,x2,y2", golden.Text("truth_columns"));
        return [.. golden.Values("truth").Chunk(6).Select(r => new TrueBox((int)r[0], (int)r[1], new BoxCorners(r[2], r[3], r[4], r[5])))];
    }

    public static DetectedBox[] Detections(GoldenCase golden)
    {
        Assert.Equal("image,class,x1,y1,x2,y2,score", golden.Text("detection_columns"));
        return [.. golden.Values("detections").Chunk(7).Select(r => new DetectedBox((int)r[0], (int)r[1], new BoxCorners(r[2], r[3], r[4], r[5]), r[6]))];
    }

    /// <summary>The decimals of a number below one, as names have them: 40 for 0.4, 75 for 0.75.</summary>
    public static double Fraction(string decimals) => double.Parse("0." + decimals, CultureInfo.InvariantCulture);
}
