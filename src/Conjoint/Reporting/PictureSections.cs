using Conjoint.Training;
using Conjoint.Training.ReportData;

namespace Conjoint.Reporting;

/// <summary>What can be seen: prototypes, the map of embeddings, masks on slices.</summary>
internal static class PictureSections
{
    /// <summary>For each stage, the prototypes with their nearest slices.</summary>
    public static Markup Prototypes(RunFolder folder) => Markup.Join(ReportFiles.ReadPrototypes(folder).Where(stage => stage.Prototypes.Count > 0).Select(stage => Markup.Of($"""
        <h3>{StageNames.Title(stage.Stage)}</h3>
        <p>A prototype stands for a group of similar {(stage.Stage == "volumes" ? "volumes (each shown by one slice)" : "slices")} that the network found without labels. Each row shows those nearest to one prototype, with their cosine similarity. In a good row one sees what they have in common: the same part of the body, the same kind of picture. {stage.Prototypes.Count} of {stage.Total} prototypes are shown, the most used first.</p>
        {stage.Prototypes.Select(prototype => Markup.Of($"""
        <div class="prototype"><div><p>Prototype {prototype.Index}</p><p class="soft">{Figures.Percent(prototype.Share)} of the samples</p></div>
        <div class="strip">{prototype.Neighbours.Select((neighbour, i) => Page.Figure(
            Image(neighbour.Png, $"Sample number {i + 1} near prototype {prototype.Index}, from {neighbour.DataSet}"),
            Markup.Of($"{neighbour.Similarity.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)} · {neighbour.DataSet}")))}</div></div>
        """))}
        """)));

    /// <summary>The map of embeddings, coloured by data set.</summary>
    public static Markup EmbeddingMaps(RunFolder folder)
    {
        var maps = ReportFiles.ReadEmbeddingMaps(folder).Where(map => map.Points.Count > 0).Select(Map).ToArray();
        return maps.Length == 0 ? Markup.Empty : Markup.Of($"""<div class="plots two">{maps}</div>""");
    }

    /// <summary>Predicted and true masks on slices.</summary>
    public static Markup Overlays(RunFolder folder)
    {
        var overlays = ReportFiles.ReadOverlays(folder);
        if (overlays is null || overlays.Pictures.Count == 0)
            return Markup.Empty;
        var names = ReportFiles.ReadData(folder)?.ClassNames ?? new Dictionary<int, string>();
        return Markup.Of($"""
            <p>The network's answer is the tinted area, the truth is the outline of the same colour. Where the tint fills its outline, the two agree.</p>
            {Legend(names)}
            {Gallery(overlays)}
            """);
    }

    /// <summary>The colours of the classes.</summary>
    public static Markup Legend(IReadOnlyDictionary<int, string> names) => names.Count == 0 ? Markup.Empty : Markup.Of($"""
        <ul class="legend">{names.OrderBy(name => name.Key).Select(name => Markup.Of($"""<li><span style="background:{SlicePicture.ClassColour(Math.Max(1, name.Key))}"></span>{name.Value}</li>"""))}</ul>
        """);

    /// <summary>Pictures side by side.</summary>
    public static Markup Gallery(OverlayPictures overlays) => Markup.Of($"""
        <div class="pictures">{overlays.Pictures.Select(picture => Page.Figure(
            Image(picture.Png, $"Case {picture.Case}, slice {picture.Slice + 1}, with predicted and true mask"),
            Markup.Of($"{picture.Case}, slice {picture.Slice + 1}")))}</div>
        """);

    private static Markup Map(EmbeddingMap map)
    {
        var groups = map.Points.GroupBy(point => point.DataSet).OrderBy(group => group.Key, StringComparer.Ordinal).ToArray();
        var plot = new Plot("", "").AsMap();
        for (var i = 0; i < groups.Length; i++)
            plot.Points(groups[i].Select(point => (point.X, point.Y)), Plot.Palette[i % Plot.Palette.Count], 3.2, 170, groups[i].Key);
        var shown = map.Explained is { } share ? $" The plane shows {Figures.Percent(share)} of their variance." : "";
        var what = map.Level == "volumes" ? "volume" : "slice";
        return Page.Figure(
            plot.ToSvg($"Map of {map.Points.Count} {what} embeddings from {groups.Length} data sets.", 520, 430),
            Markup.Of($"<b>One point is one {what}</b>, coloured by data set; near points look alike to the network ({map.Method}).{shown} Healthy: clusters with inner structure. A single dot or a thin line means collapse."));
    }

    private static Markup Image(byte[] png, string alt) =>
        Markup.Of($"""<img alt="{alt}" loading="lazy" src="data:image/png;base64,{new Markup(Convert.ToBase64String(png))}">""");
}
