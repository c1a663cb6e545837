using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Tests.Tasks;
using Conjoint.TestSupport;
using Conjoint.Training.ReportData;
using SkiaSharp;

namespace Conjoint.Tests.Training.ReportData;

public sealed class ContactSheetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_case_has_its_place_with_the_outlines_of_its_mask()
    {
        using var store = SyntheticStore.Write(_folder["store"], SyntheticStore.Subjects("case", 8, Split.Train));
        var picture = ContactSheet.Draw(store);
        Assert.Equal(picture, ContactSheet.Draw(store));
        using var sheet = SKBitmap.Decode(picture);
        // Six tiles of 168 pixels in a row, two rows: 8 px between them.
        Assert.Equal(6 * 176 + 8, sheet.Width);
        var outline = SKColor.Parse(SlicePicture.ClassColour(2));
        bool IsOutline(int left, int top) => Enumerable.Range(0, 168 * 168)
            .Any(i => Near(sheet.GetPixel(left + i % 168, top + i / 168), outline));
        Assert.True(IsOutline(8, 18), "the first tile");
        Assert.True(IsOutline(8 + 176, 18 + 196), "the eighth tile");
        Assert.False(IsOutline(8 + 2 * 176, 18 + 196), "the place of a ninth tile");
    }

    [Fact]
    public void A_large_store_shows_some_cases_and_says_so()
    {
        using var few = SyntheticStore.Write(_folder["few"], SyntheticStore.Subjects("case", ContactSheet.MostCases, Split.Train), slices: 1, height: 4, width: 4);
        using var many = SyntheticStore.Write(_folder["many"], SyntheticStore.Subjects("case", 2 * ContactSheet.MostCases, Split.Train), slices: 1, height: 4, width: 4);
        using var a = SKBitmap.Decode(ContactSheet.Draw(few));
        using var b = SKBitmap.Decode(ContactSheet.Draw(many));
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
    }

    // A bright voxel at the patient's front right: radiologists see it at the top left.
    [Fact]
    public void A_volume_is_shown_as_radiologists_look_at_it()
    {
        var voxels = new float[20 * 20 * 3];
        for (var y = 14; y < 20; y++)
        {
            for (var x = 14; x < 20; x++)
                voxels[x + 20 * (y + 20)] = 100;
        }

        NiftiFile.Write(_folder["a.nii"], new Volume(voxels, 20, 20, 3, Affine.FromSpacing(1, 1, 4)), NiftiDataType.Int16);
        new Preparer(new PrepareSettings()).Run([_folder["a.nii"]], _folder["store"], cancellation: TestContext.Current.CancellationToken);
        using var store = PreparedStore.Open(_folder["store"]);
        using var sheet = SKBitmap.Decode(ContactSheet.Draw(store));
        Assert.Equal(255, sheet.GetPixel(8 + 20, 18 + 20).Red);
        Assert.Equal(0, sheet.GetPixel(8 + 150, 18 + 150).Red);
    }

    [Theory]
    [InlineData("short", 8, "short")]
    [InlineData("exactly8", 8, "exactly8")]
    [InlineData("set-images-case-0017", 9, "set-…0017")]
    public void Long_names_lose_their_middle(string name, int letters, string fitted) => Assert.Equal(fitted, PixelFont.Fitted(name, letters));

    private static bool Near(SKColor a, SKColor b) => Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue) < 60;
}
