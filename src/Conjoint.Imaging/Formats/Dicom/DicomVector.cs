namespace Conjoint.Imaging;

/// <summary>A point or direction in mm, in DICOM's patient frame (LPS: x to the left, y to posterior, z to superior).</summary>
internal readonly record struct DicomVector(double X, double Y, double Z)
{
    public double Length => Math.Sqrt(Dot(this));

    public static DicomVector Of(ReadOnlySpan<double> numbers) => new(numbers[0], numbers[1], numbers[2]);

    public double Dot(DicomVector other) => X * other.X + Y * other.Y + Z * other.Z;

    public DicomVector Cross(DicomVector other) =>
        new(Y * other.Z - Z * other.Y, Z * other.X - X * other.Z, X * other.Y - Y * other.X);

    public static DicomVector operator +(DicomVector a, DicomVector b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static DicomVector operator -(DicomVector a, DicomVector b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static DicomVector operator *(DicomVector a, double factor) => new(a.X * factor, a.Y * factor, a.Z * factor);
}
