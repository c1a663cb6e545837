using SkiaSharp;

namespace Conjoint.Training.ReportData;

/// <summary>Letters of 5 × 7 pixels: pictures carry names on machines that have no fonts, and look the same on all.</summary>
internal static class PixelFont
{
    /// <summary>Pixels from the top of a letter to its foot.</summary>
    public const int Height = 7;

    private const int Width = 5;
    private const int Advance = Width + 1;
    private const char Cut = '…';

    // A letter, then its rows from top to bottom in hexadecimal, the leftmost of five pixels in the highest bit.
    private static readonly string[] s_shapes =
    [
        "00E11131519110E 1040C040404040E 20E11010204081F 31F02040201110E 402060A121F0202 51F101E0101110E 60608101E11110E 71F010204080808 80E11110E11110E 90E11110F01020C",
        "A0E11111F111111 B1E11111E11111E C0E11101010110E D1C12111111121C E1F10101E10101F F1F10101E101010 G0E11101711110F H1111111F111111 I0E04040404040E J0702020202120C K11121418141211 L1010101010101F M111B1515111111",
        "N11111915131111 O0E11111111110E P1E11111E101010 Q0E11111115120D R1E11111E141211 S0F10100E01011E T1F040404040404 U1111111111110E V11111111110A04 W1111111515150A X11110A040A1111 Y1111110A040404 Z1F01020408101F",
        "a00000E010F110F b1010161911111E c00000E1010110E d01010D1311110F e00000E111F100E f0609081C080808 g000F11110F010E h10101619111111 i04000C0404040E j0200060202120C k10101214181412 l0C04040404040E m00001A15151111",
        "n00001619111111 o00000E1111110E p00001E111E1010 q00000D130F0101 r00001619101010 s00000E100E011E t08081C08080906 u0000111111130D v00001111110A04 w0000111115150A x0000110A040A11 y000011110F010E z00001F0204081F",
        "(02040808080402 )08040202020408 .00000000000C0C ,000000000C0408 _0000000000001F -0000001F000000 /00010204081000 …00000000000015 ×00110A040A1100",
    ];

    // What has no shape is drawn as an empty box.
    private static readonly byte[] s_unknown = [0x1F, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1F];

    private static readonly Dictionary<char, byte[]> s_rows = s_shapes.SelectMany(line => line.Split(' ')).ToDictionary(
        shape => shape[0], shape => Convert.FromHexString(shape.AsSpan(1)));

    /// <summary>Draws a line of text; what is too long for its place loses its middle.</summary>
    public static void Draw(SKCanvas canvas, string text, int left, int top, int width, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = false };
        foreach (var (place, letter) in Fitted(text, width / Advance).Index())
        {
            if (letter == ' ')
                continue;
            var rows = s_rows.GetValueOrDefault(letter, s_unknown);
            for (var y = 0; y < Height; y++)
            {
                for (var x = 0; x < Width; x++)
                {
                    if ((rows[y] >> (Width - 1 - x) & 1) == 1)
                        canvas.DrawRect(left + place * Advance + x, top + y, 1, 1, paint);
                }
            }
        }
    }

    /// <summary>Names differ at their ends more than in their middles.</summary>
    internal static string Fitted(string text, int letters) =>
        text.Length <= letters ? text : string.Concat(text.AsSpan(0, (letters - 1) / 2), [Cut], text.AsSpan(text.Length - (letters - 1 - (letters - 1) / 2)));
}
