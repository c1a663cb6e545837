using System.Globalization;
using System.Xml;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>A closed line around a nodule on one slice.</summary>
/// <param name="ZMm">Position of the slice along the patient's axis in mm, as the DICOM files have it.</param>
/// <param name="Adds">Whether what it surrounds belongs to the nodule; otherwise it is a hole.</param>
/// <param name="Points">Columns and rows of its pixels, from 0.</param>
internal sealed record LidcContour(double ZMm, bool Adds, IReadOnlyList<(int X, int Y)> Points);

/// <summary>
/// What the readers of a LIDC-IDRI scan have drawn: for each reader the contours of all nodules of 3 mm and more. Smaller ones are
/// single points and make no mask.
/// </summary>
internal sealed record LidcReading(IReadOnlyList<IReadOnlyList<LidcContour>> Readers)
{
    private const int MostPoints = 4_000_000;
    private const long MostCharacters = 64L << 20;

    // Nothing outside of the file is read, and no entity grows.
    private static readonly XmlReaderSettings s_safe = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostCharacters,
        IgnoreComments = true, IgnoreWhitespace = true, IgnoreProcessingInstructions = true,
    };

    /// <summary>Whether a file holds the reading of a CT: that of a radiograph has another root.</summary>
    /// <exception cref="InputDataException">The file is no XML.</exception>
    public static bool IsOfScan(string path) => Guarded(path, xml =>
    {
        xml.MoveToContent();
        return xml.LocalName == "LidcReadMessage";
    });

    /// <exception cref="InputDataException">The file is no XML, or a contour can't be understood.</exception>
    public static LidcReading Read(string path) => Guarded(path, xml =>
    {
        var readers = new List<IReadOnlyList<LidcContour>>();
        var points = 0;
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "readingSession" })
            {
                using var session = xml.ReadSubtree();
                readers.Add(Session(session, path, ref points));
            }
        }

        return new LidcReading(readers);
    });

    private static List<LidcContour> Session(XmlReader xml, string path, ref int points)
    {
        var contours = new List<LidcContour>();
        while (xml.Read())
        {
            // A roi of a non-nodule is a single point under another parent and has no three points either.
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "roi" })
            {
                using var roi = xml.ReadSubtree();
                if (Contour(roi, path, ref points) is { Points.Count: >= 3 } contour)
                    contours.Add(contour);
            }
        }

        return contours;
    }

    private static LidcContour Contour(XmlReader xml, string path, ref int points)
    {
        double? z = null;
        var adds = true;
        var line = new List<(int, int)>();
        int? x = null;
        xml.Read();
        xml.Read();
        while (!xml.EOF)
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName is not ("imageZposition" or "inclusion" or "xCoord" or "yCoord"))
            {
                xml.Read();
                continue;
            }

            var name = xml.LocalName;
            var text = xml.ReadElementContentAsString().Trim();     // moves on to what follows
            switch (name)
            {
                case "imageZposition":
                    z = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var mm) && double.IsFinite(mm)
                        ? mm : throw new InputDataException(path, $"has a slice at '{text}'; expected a position in mm");
                    break;
                case "inclusion":
                    adds = !text.Equals("FALSE", StringComparison.OrdinalIgnoreCase);
                    break;
                case "xCoord":
                    x = Pixel(text, path);
                    break;
                default:
                    line.Add((x ?? throw new InputDataException(path, "has a point without xCoord"), Pixel(text, path)));
                    if (++points > MostPoints)
                        throw new InputDataException(path, $"has more than {MostPoints} points; expected the contours of one scan");
                    break;
            }
        }

        return new LidcContour(z ?? throw new InputDataException(path, "has a contour without imageZposition"), adds, line);
    }

    private static int Pixel(string text, string path) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pixel) && pixel <= ushort.MaxValue
            ? pixel : throw new InputDataException(path, $"has a point at '{text}'; expected the number of a pixel");

    private static T Guarded<T>(string path, Func<XmlReader, T> read)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using var xml = XmlReader.Create(stream, s_safe);
            return read(xml);
        }
        catch (Exception error) when (error is XmlException or InvalidOperationException)
        {
            throw new InputDataException(path, $"is no XML that can be read ({error.Message.TrimEnd('.')})", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputDataException(path, $"cannot be read ({error.Message})", error);
        }
    }
}
