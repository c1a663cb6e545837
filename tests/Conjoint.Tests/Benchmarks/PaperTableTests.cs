using Conjoint.Benchmarks.Tables;
using Conjoint.Runtime;

namespace Conjoint.Tests.Benchmarks;

public sealed class PaperTableTests
{
    [Theory]
    [InlineData(3, 23, 2)]
    [InlineData(4, 23, 2)]
    [InlineData(5, 9, 1)]
    [InlineData(6, 11, 3)]
    [InlineData(7, 4, 2)]
    public void A_table_has_the_papers_rows_columns_and_values(int number, int rows, int columns)
    {
        var table = PaperTable.Of(number, "full");
        Assert.Equal((rows, columns), (table.Rows.Count, table.Columns.Count));
        Assert.Equal(rows * columns, table.Published.Count);
        // The paper prints its best value for the method that it says is best, but in Table 5 and for 20 % of Table 6.
        foreach (var column in table.Columns.Where(_ => number != 6))
        {
            double Value(string row) => table.Published[(row, column.Name)] is "N/A" ? 0 : double.Parse(table.Published[(row, column.Name)].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            var best = table.Rows.Where(r => number != 3 || r.Group != MethodGroup.ThreeD).MaxBy(r => Value(r.Name))!;
            Assert.True(best.IsOurs, $"{column.Name}: {best.Name}");
        }
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("small")]
    public void A_stand_in_names_the_column_that_it_stands_in_for(string scale)
    {
        var table = PaperTable.Of(3, scale);
        Assert.All(table.Columns.Zip(["BraTS2018: ", "LUNA2016-v2: "]), c => Assert.StartsWith(c.Second, c.First.Name, StringComparison.Ordinal));
        Assert.Equal("73.03 ± 0.42", table.Published[("Our (SwAV)", table.Columns[0].Name)]);
    }

    [Fact]
    public void Plain_2D_nets_give_no_class_of_a_volume_and_3D_nets_take_no_image()
    {
        TableColumn volume = new("", ColumnScore.Iou, ""), whole = new("", ColumnScore.Auc, ""), image = new("", ColumnScore.Dice, ""), boxes = new("", ColumnScore.AveragePrecision, "");
        Assert.Equal([true, false, true, true], new[] { volume, whole, image, boxes }.Select(c => c.Takes(MethodGroup.TwoD)));
        Assert.Equal([true, true, false, false], new[] { volume, whole, image, boxes }.Select(c => c.Takes(MethodGroup.ThreeD)));
        Assert.All([volume, whole, image, boxes], c => Assert.True(c.Takes(MethodGroup.Joint)));
    }

    [Fact]
    public void A_method_that_is_misspelt_is_refused_with_the_nearest() =>
        Assert.Contains("Full model", new TableSettings { Methods = ["Full modell"] }.Problems().Single().Message, StringComparison.Ordinal);

    [Fact]
    public void Both_presets_count_as_the_paper_and_its_equations()
    {
        var table = ParameterTable.Compute();
        Assert.Equal([31_162_884, 34_960_864], table.Rows.Select(r => r.Counted).OfType<long>());
        Assert.Contains("| Our | 31.16 M | 31,162,884 |", ParameterTable.Markdown(table), StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_no_other_tables() => Assert.Throws<ConfigurationException>(() => PaperTable.Of(2, "full"));
}
