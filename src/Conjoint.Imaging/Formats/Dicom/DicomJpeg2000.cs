namespace Conjoint.Imaging;

internal static class DicomJpeg2000
{
    public static uint[] Decode(byte[] bytes, int width, int height, int samples) => throw new InvalidDataException($"{bytes.Length}{width}{height}{samples}");
}
