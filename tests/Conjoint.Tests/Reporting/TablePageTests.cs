using Conjoint.Benchmarks.Tables;
using Conjoint.Imaging;
using Conjoint.Reporting;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Reporting;

public sealed class TablePageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_marks_and_tests_are_those_of_the_table()
    {
        Write();
        var page = AnyReport.Write(_folder.Path);
        Assert.Equal(_folder["table4.html"], page);
        var html = File.ReadAllText(page);

        var ours = HtmlTables.RowWith(html, "data-method=\"Our (SwAV)\"").Cells;
        Assert.Equal("<u><b>73.25 ± 0.50</b></u>", ours[0].Text);
        Assert.Equal(73.25, ours[0].Value);
        Assert.Equal(["5", "84.89 ± 0.68"], ours.Skip(1).Select(c => c.Text));
        Assert.Equal(["…", "0 of 5", "–"], HtmlTables.RowWith(html, "data-method=\"SwAV\"").Cells.Select(c => c.Text));
        Assert.Equal(["–", "", "70.19 ± 1.23"], HtmlTables.RowWith(html, "data-method=\"SwinViT3D\"").Cells.Select(c => c.Text));
        Assert.Equal(["N/A", "", "N/A"], HtmlTables.RowWith(html, "data-method=\"Plain\"").Cells.Select(c => c.Text));

        var test = HtmlTables.Rows(html).Single(r => r.Head == "MMWHS (CT)").Cells;
        Assert.Equal(["Our (SwAV)", "SwAV", "−1.25", "8", "0.008"], test.Select(c => c.Text));
        Assert.Contains("6 of 11 cells", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_picture_of_a_column_is_in_the_page()
    {
        Write();
        File.WriteAllBytes(_folder["table4-figure1.png"], [1, 2, 3]);
        Assert.Contains("data:image/png;base64,AQID", File.ReadAllText(TablePage.Write(_folder["table4.json"])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"number\": 4}")]
    [InlineData("{\"number\": 4, \"columns\": [1]}")]
    public void What_is_no_table_is_named(string json)
    {
        File.WriteAllText(_folder["table4.json"], json);
        Assert.Contains("table4.json", Assert.Throws<InputDataException>(() => TablePage.Write(_folder["table4.json"])).Message, StringComparison.Ordinal);
    }

    private void Write()
    {
        TableRow Row(string name, MethodGroup group, bool computed, TableValue value) => new(name, group, computed, [value]);
        var summary = new TableSummary(
            4, "Unseen domains", TableSettings.Of("tiny"), ["MMWHS (CT)"],
            [
                Row("SwinViT3D", MethodGroup.ThreeD, false, new TableValue(double.NaN, double.NaN, 0, 0, 0, true, "70.19 ± 1.23", ValueMark.None)),
                Row("Plain", MethodGroup.TwoD, true, new TableValue(double.NaN, double.NaN, 0, 0, 0, false, "N/A", ValueMark.None)),
                Row("SwAV", MethodGroup.TwoD, true, new TableValue(double.NaN, double.NaN, 0, 5, 0, true, null, ValueMark.None)),
                Row("Our (SwAV)", MethodGroup.Joint, true, new TableValue(73.25, 0.5, 5, 5, 0, true, "84.89 ± 0.68", ValueMark.Bold | ValueMark.Underline)),
            ],
            [new TableTest("MMWHS (CT)", "Our (SwAV)", "SwAV", -1.25, 8, 0.0078125)], 11, 6);
        TableReport.Write(_folder.Path, summary, null);
    }
}
