using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Conjoint.Reporting;

/// <summary>
/// A piece of HTML. It is made from an interpolated string, whose literal parts are HTML and whose holes are text that gets
/// encoded, unless they are pieces of HTML themselves: no text can reach a page without being encoded.
/// </summary>
internal readonly record struct Markup(string Html)
{
    public static Markup Empty { get; } = new("");

    public static Markup Of(Builder builder) => new(builder.ToString());

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Join("\n", parts.Select(part => part.Html)));

    public override string ToString() => Html;

    [InterpolatedStringHandler]
    internal readonly ref struct Builder(int literalLength, int formattedCount)
    {
        // Letters of all languages stay readable; the signs that mean something in HTML are always encoded.
        private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

        private readonly StringBuilder text = new(literalLength + (32 * formattedCount));

        public void AppendLiteral(string html) => text.Append(html);

        public void AppendFormatted(string? value) => text.Append(Encoder.Encode(value ?? ""));

        public void AppendFormatted(long value) => text.Append(value.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(Markup markup) => text.Append(markup.Html);

        public void AppendFormatted(IEnumerable<Markup> parts) => text.Append(Join(parts).Html);

        public override string ToString() => text.ToString();
    }
}
