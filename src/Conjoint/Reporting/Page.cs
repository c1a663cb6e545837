using System.Reflection;

namespace Conjoint.Reporting;

/// <summary>The frame of a report: one HTML file that loads nothing from anywhere.</summary>
internal static class Page
{
    /// <summary>Writes a page.</summary>
    /// <param name="path">The file; replaced when it exists.</param>
    /// <param name="title">Its title.</param>
    /// <param name="lead">A sentence below the title.</param>
    /// <param name="sections">Its parts, each with an anchor and a name for the table of contents.</param>
    /// <param name="footer">Where its numbers come from; null: from metrics.</param>
    public static void Write(string path, string title, Markup lead, IReadOnlyList<Section> sections, Markup? footer = null)
    {
        var origin = footer ?? Markup.Of($"Every loss, rate and score in the tables comes from <code>metrics.jsonl</code>, which lies beside this file or in the folder of its run. This page loads nothing from the network.");
        var shown = sections.Where(section => section.Content != Markup.Empty).ToArray();
        var page = Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <meta name="color-scheme" content="light dark">
            <title>{title} · Conjoint</title>
            <style>
            {new Markup(Style())}
            </style>
            </head>
            <body>
            <header>
            <p class="brand">Conjoint report</p>
            <h1>{title}</h1>
            <p class="lead">{lead}</p>
            <nav aria-label="Contents">{shown.Select(section => Markup.Of($"""<a href="#{section.Anchor}">{section.Name}</a>"""))}</nav>
            </header>
            <main>
            {shown.Select(section => Markup.Of($"""
            <section id="{section.Anchor}">
            <h2>{section.Name}</h2>
            {section.Content}
            </section>
            """))}
            </main>
            <footer>{origin}</footer>
            </body>
            </html>
            """);
        File.WriteAllText(path + ".tmp", page.Html);
        File.Move(path + ".tmp", path, overwrite: true);
    }

    /// <summary>A plot or picture with its caption.</summary>
    public static Markup Figure(Markup picture, Markup caption, string style = "") =>
        Markup.Of($"<figure class=\"{style}\">{picture}<figcaption>{caption}</figcaption></figure>");

    /// <summary>A table with a caption; it scrolls by itself where the window is too narrow.</summary>
    public static Markup Table(Markup caption, IEnumerable<string> heads, IEnumerable<Markup> rows, string style = "") => Markup.Of($"""
        <div class="scroll"><table class="{style}">
        <caption>{caption}</caption>
        <thead><tr>{heads.Select((head, i) => i == 0 ? Markup.Of($"""<th scope="col">{head}</th>""") : Markup.Of($"""<th scope="col" class="num">{head}</th>"""))}</tr></thead>
        <tbody>
        {rows}
        </tbody>
        </table></div>
        """);

    /// <summary>Facts by name.</summary>
    public static Markup Facts(IEnumerable<(string Name, Markup Value)> facts) =>
        Markup.Of($"<dl class=\"facts\">{facts.Select(fact => Markup.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"))}</dl>");

    private static string Style()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Conjoint.Reporting.report.css")
            ?? throw new InvalidOperationException("The program lacks its style sheet Reporting/report.css.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
