using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Conjoint.Reporting;

/// <summary>Draws one plot as inline SVG that follows the page's light or dark colours.</summary>
internal sealed partial class Plot
{
    // Colours that no one sees: they stand for the page's own, and are exchanged for them in the SVG.
    private static readonly OxyColor Ink = OxyColor.FromRgb(1, 2, 3);
    private static readonly OxyColor Faint = OxyColor.FromRgb(4, 5, 6);
    private static readonly OxyColor Warn = OxyColor.FromRgb(7, 8, 9);

    private readonly List<double> reached = [];
    private readonly PlotModel model = new() { Padding = new OxyThickness(2, 8, 12, 2), PlotAreaBorderThickness = new OxyThickness(0) };

    public Plot(string xTitle, string yTitle)
    {
        model.TextColor = Ink;
        model.DefaultFont = "system-ui, sans-serif";
        model.Axes.Add(Axis(AxisPosition.Bottom, xTitle));
        model.Axes.Add(Axis(AxisPosition.Left, yTitle));
    }

    /// <summary>Colours of series by number. Okabe and Ito's palette: people with colour-vision deficiency can tell them apart.</summary>
    public static IReadOnlyList<string> Palette { get; } = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F"];

    /// <summary>Adds a line.</summary>
    public Plot Line(Curve curve, string colour, double width = 2, byte opacity = 255, string? legend = null)
    {
        var series = new LineSeries
        {
            Color = OxyColor.FromAColor(opacity, OxyColor.Parse(colour)),
            StrokeThickness = width,
            LineJoin = LineJoin.Round,
            Title = legend,
            RenderInLegend = legend is not null,
            MarkerType = curve.Points.Count == 1 ? MarkerType.Circle : MarkerType.None,
        };
        series.Points.AddRange(curve.Points.Select(point => new DataPoint(point.X, point.Y)));
        model.Series.Add(series);
        return this;
    }

    /// <summary>Adds separate points.</summary>
    public Plot Points(IEnumerable<(double X, double Y)> points, string colour, double size = 4, byte opacity = 200, string? legend = null)
    {
        var series = new ScatterSeries
        {
            MarkerType = MarkerType.Circle,
            MarkerSize = size,
            MarkerFill = OxyColor.FromAColor(opacity, OxyColor.Parse(colour)),
            Title = legend,
            RenderInLegend = legend is not null,
        };
        series.Points.AddRange(points.Select(point => new ScatterPoint(point.X, point.Y)));
        model.Series.Add(series);
        return this;
    }

    /// <summary>Adds a dashed level line with its name.</summary>
    public Plot Level(double y, string name, bool warning = false)
    {
        model.Annotations.Add(new LineAnnotation
        {
            Type = LineAnnotationType.Horizontal,
            Y = y,
            Text = name,
            Color = warning ? Warn : Ink,
            TextColor = warning ? Warn : Ink,
            LineStyle = LineStyle.Dash,
            StrokeThickness = 1,
            FontSize = 11,
            TextHorizontalAlignment = HorizontalAlignment.Right,
            TextVerticalAlignment = VerticalAlignment.Bottom,
            TextLinePosition = 1,
        });
        return ReachY(y);
    }

    /// <summary>Adds the dashed line on which both coordinates are equal.</summary>
    public Plot Diagonal()
    {
        model.Annotations.Add(new LineAnnotation { Slope = 1, Intercept = 0, Color = Ink, LineStyle = LineStyle.Dash, StrokeThickness = 1 });
        return this;
    }

    /// <summary>Fixes the range of the horizontal axis.</summary>
    public Plot RangeX(double minimum, double maximum) => Range(model.Axes[0], minimum, maximum);

    /// <summary>Fixes the range of the vertical axis.</summary>
    public Plot RangeY(double minimum, double maximum) => Range(model.Axes[1], minimum, maximum);

    /// <summary>Makes sure that the vertical axis reaches a value.</summary>
    public Plot ReachY(double value)
    {
        reached.Add(value);
        return this;
    }

    /// <summary>Replaces the numbers below by names at 0, 1, 2, ...</summary>
    public Plot NamesX(IReadOnlyList<string> names)
    {
        var axis = model.Axes[0];
        axis.LabelFormatter = value => value == Math.Round(value) && value >= 0 && value < names.Count ? names[(int)value] : "";
        axis.MajorStep = 1;
        axis.MajorGridlineStyle = LineStyle.None;
        return RangeX(-0.6, names.Count - 0.4);
    }

    /// <summary>Makes the plot a map: the same scale both ways, and no numbers, as they have no meaning.</summary>
    public Plot AsMap()
    {
        model.PlotType = PlotType.Cartesian;
        foreach (var axis in model.Axes)
        {
            axis.LabelFormatter = _ => "";
            axis.MajorGridlineStyle = LineStyle.None;
            axis.MajorTickSize = 0;
        }

        return this;
    }

    /// <summary>The plot as SVG.</summary>
    /// <param name="alt">What the plot shows, for those who cannot see it.</param>
    /// <param name="width">Width of the drawing in points; it grows and shrinks with the page.</param>
    /// <param name="height">Height of the drawing.</param>
    public Markup ToSvg(string alt, int width, int height)
    {
        if (model.Series.Any(series => series.RenderInLegend))
        {
            model.Legends.Add(new Legend
            {
                LegendPlacement = LegendPlacement.Outside,
                LegendPosition = LegendPosition.TopLeft,
                LegendOrientation = LegendOrientation.Horizontal,
                LegendTextColor = Ink,
                LegendFontSize = 12,
            });
        }

        ShowReached();
        using var measurer = new GenerousMeasurer(width, height);
        var svg = SvgExporter.ExportToString(model, width, height, isDocument: false, textMeasurer: measurer);
        svg = svg.Replace("rgb(1,2,3)", "var(--ink)", StringComparison.Ordinal).Replace("#010203", "var(--ink)", StringComparison.Ordinal)
            .Replace("rgb(4,5,6)", "var(--line)", StringComparison.Ordinal).Replace("#040506", "var(--line)", StringComparison.Ordinal)
            .Replace("rgb(7,8,9)", "var(--warn)", StringComparison.Ordinal).Replace("#070809", "var(--warn)", StringComparison.Ordinal);
        // All drawings of a page share one space of names: their clipping areas must not be mistaken for each other.
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(alt + svg)))[..12];
        var inner = Root().Replace(svg, "", 1).Replace("clipPath", "clip-" + name + "-", StringComparison.Ordinal)
            .Replace($"<clip-{name}-", "<clipPath", StringComparison.Ordinal).Replace($"</clip-{name}-", "</clipPath", StringComparison.Ordinal);
        return Markup.Of($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{alt}"><title>{alt}</title>{new Markup(inner)}""");
    }

    private static LinearAxis Axis(AxisPosition position, string title) => new()
    {
        Position = position,
        Title = title,
        TitleFontSize = 12,
        FontSize = 11,
        TextColor = Ink,
        TitleColor = Ink,
        TicklineColor = Faint,
        AxislineColor = Faint,
        AxislineStyle = LineStyle.Solid,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = Faint,
        AxisTitleDistance = position == AxisPosition.Left ? 8 : 4,
        MinorTickSize = 0,
        MajorTickSize = 3,
        MinimumPadding = 0.02,
        MaximumPadding = 0.06,
        IntervalLength = position == AxisPosition.Left ? 36 : 70,
    };

    /// <summary>The axis finds its range from series only: an unseen one takes it to the values that it shall reach.</summary>
    private void ShowReached()
    {
        var x = model.Series.OfType<LineSeries>().SelectMany(series => series.Points).Select(point => point.X).FirstOrDefault();
        var unseen = new LineSeries { Color = OxyColors.Transparent, RenderInLegend = false };
        unseen.Points.AddRange(reached.Select(y => new DataPoint(x, y)));
        if (reached.Count > 0)
            model.Series.Add(unseen);
    }

    private Plot Range(Axis axis, double minimum, double maximum)
    {
        (axis.Minimum, axis.Maximum) = (minimum, maximum);
        if (double.IsNaN(axis.MajorStep))
            axis.MajorStep = (maximum - minimum) / 5; // Left to itself, a fixed axis makes room for its two end numbers only.
        return this;
    }

    [GeneratedRegex("^.*?<svg[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Root();

    /// <summary>Leaves room for the widest of the fonts that a reader's system may use: OxyPlot measures with a narrow one.</summary>
    private sealed class GenerousMeasurer(double width, double height) : PdfRenderContext(width, height, OxyColors.Undefined), IDisposable
    {
        public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
        {
            var size = base.MeasureText(text, fontFamily, fontSize, fontWeight);
            return new OxySize(size.Width * 1.4, size.Height * 1.1);
        }

        public void Dispose()
        {
        }
    }
}
