using System.Text.Json;
using Conjoint.Data.Augmentation;
using FsCheck.Xunit;

namespace Conjoint.Tests.Data.Augmentation;

public sealed class MultiCropTests
{
    private static readonly MultiCrop Default = new(new MultiCropSettings());
    private static readonly CropSettings Large = Default.Settings.Crops[0];
    private static readonly CropSettings Small = Default.Settings.Crops[1];

    [Property(MaxTest = 60)]
    public void A_crop_equals_the_plain_double_precision_form(long seed, byte height, byte width, byte size)
    {
        var (h, w) = (1 + height % 90, 1 + width % 90);
        var slice = Slice(h, w, seed);
        var draw = Default.Draw(Small with { Size = 1 + size % 50, MaxScale = 1 }, h, w, RandomStream.For(seed));
        // Also stronger blurs than so small crops get by themselves, wider than the crop included.
        draw = draw with { BlurSigma = draw.BlurSigma * 20 };
        var crop = new float[draw.Size * draw.Size];

        MultiCrop.Apply(slice, h, w, draw, crop);

        var expected = PlainCrop.Apply(slice, w, draw);
        Assert.All(crop.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 2e-6));
    }

    [Property(MaxTest = 60)]
    public void A_replayed_draw_gives_the_same_bits(long seed)
    {
        var slice = Slice(70, 50, seed);
        var (first, second) = (new float[96 * 96], new float[96 * 96]);

        var draw = Default.Apply(slice, 70, 50, RandomStream.For(seed), first, Small);
        MultiCrop.Apply(slice, 70, 50, JsonSerializer.Deserialize<CropDraw>(JsonSerializer.Serialize(draw)), second);

        Assert.Equal(first, second);
        Assert.Equal(draw, Default.Draw(Small, 70, 50, RandomStream.For(seed)));
        Assert.All(first, value => Assert.InRange(value, 0, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(33)]
    [InlineData(96)]
    public void The_whole_slice_at_its_own_size_is_the_slice(int size)
    {
        var slice = Slice(size, size, 1);
        var crop = new float[size * size];

        MultiCrop.Apply(slice, size, size, new CropDraw(size, 0, 0, size, size, IsFlipped: false), crop);

        Assert.Equal(slice, crop);
    }

    [Fact]
    public void A_flip_reverses_the_rows_of_the_crop()
    {
        var slice = Slice(40, 60, 2);
        var draw = new CropDraw(32, 3, 5, 30, 44, IsFlipped: false);
        var (plain, flipped) = (new float[32 * 32], new float[32 * 32]);

        MultiCrop.Apply(slice, 40, 60, draw, plain);
        MultiCrop.Apply(slice, 40, 60, draw with { IsFlipped = true }, flipped);

        Assert.Equal(plain, flipped.Chunk(32).SelectMany(row => row.Reverse()));
    }

    [Fact]
    public void Pixels_outside_the_part_have_no_influence()
    {
        var inside = Slice(30, 30, 3);
        var slice = Enumerable.Repeat(float.NaN, 50 * 60).ToArray();
        for (var row = 0; row < 30; row++)
        {
            inside.AsSpan(row * 30, 30).CopyTo(slice.AsSpan((row + 20) * 60 + 30));
        }

        var draw = new CropDraw(16, 20, 30, 30, 30, IsFlipped: true, Brightness: 1.3, Contrast: 0.4, BlurSigma: 1);
        var (a, b) = (new float[256], new float[256]);
        MultiCrop.Apply(slice, 50, 60, draw, a);
        MultiCrop.Apply(inside, 30, 30, draw with { Top = 0, Left = 0 }, b);

        Assert.Equal(b, a);
    }

    [Fact]
    public void Brightness_and_contrast_change_in_the_drawn_order()
    {
        // Pixels 0.2 and 0.6, mean 0.4. Contrast 0.5 gives 0.3 and 0.5; brightness 1.8 then 0.54 and 0.9.
        // Brightness first gives 0.36 and 1 (clamped), mean 0.68; contrast 0.5 then 0.52 and 0.84.
        var slice = new[] { 0.2f, 0.6f, 0.2f, 0.6f };
        var draw = new CropDraw(2, 0, 0, 2, 2, IsFlipped: false, Brightness: 1.8, Contrast: 0.5, IsContrastFirst: true);
        var crop = new float[4];

        MultiCrop.Apply(slice, 2, 2, draw, crop);
        Assert.All(crop.Zip([0.54, 0.9, 0.54, 0.9]), pair => Assert.Equal(pair.Second, pair.First, 1e-6));

        MultiCrop.Apply(slice, 2, 2, draw with { IsContrastFirst = false }, crop);
        Assert.All(crop.Zip([0.52, 0.84, 0.52, 0.84]), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void Drawn_parts_have_the_asked_area_and_ratio()
    {
        var random = RandomStream.For(4);
        var draws = Enumerable.Range(0, 5000).Select(_ => Default.Draw(Large, 400, 500, random)).ToArray();

        Assert.All(draws, draw =>
        {
            Assert.InRange(draw.Top, 0, 400 - draw.Height);
            Assert.InRange(draw.Left, 0, 500 - draw.Width);
            Assert.InRange(draw.Height * draw.Width / (400.0 * 500), 0.138, 1);
            Assert.InRange(draw.Width / (double)draw.Height, 0.745, 1.342);
        });
        // Every corner of the slice is seen, and the position fills what room there is.
        Assert.Contains(draws, draw => draw.Top + draw.Height == 400);
        Assert.Contains(draws, draw => draw.Left == 0);
        Assert.Equal(0.5, draws.Where(draw => draw.Width <= 480).Average(draw => draw.Left / (500.0 - draw.Width)), 0.03);
    }

    [Fact]
    public void Drawn_changes_have_their_probabilities_and_ranges()
    {
        var random = RandomStream.For(5);
        var draws = Enumerable.Range(0, 20_000).Select(_ => Default.Draw(Small, 300, 300, random)).ToArray();
        var jittered = draws.Where(draw => draw.Brightness != 1).ToArray();
        var blurred = draws.Where(draw => draw.BlurSigma > 0).ToArray();

        Assert.Equal(0.5, draws.Average(draw => draw.IsFlipped ? 1.0 : 0), 0.02);
        Assert.Equal(0.8, jittered.Length / (double)draws.Length, 0.015);
        Assert.Equal(0.5, jittered.Average(draw => draw.IsContrastFirst ? 1.0 : 0), 0.02);
        Assert.Equal(0.5, blurred.Length / (double)draws.Length, 0.02);
        foreach (var factors in new[] { jittered.Select(draw => draw.Brightness), jittered.Select(draw => draw.Contrast) })
        {
            Assert.InRange(factors.Min(), 0.2, 0.205);
            Assert.InRange(factors.Max(), 1.795, 1.8);
            Assert.Equal(1, factors.Average(), 0.02);
        }

        // Pixels of a crop of 224, scaled to one of 96.
        Assert.InRange(blurred.Min(draw => draw.BlurSigma), 0.1 * 96 / 224, 0.105 * 96 / 224);
        Assert.InRange(blurred.Max(draw => draw.BlurSigma), 1.995 * 96 / 224, 2.0 * 96 / 224);
    }

    [Theory]
    [InlineData(10, 400, 10, 13, 0, 193)]   // too wide: 10·4/3 columns from the middle
    [InlineData(400, 10, 13, 10, 193, 0)]   // too high: 10/(3/4) rows from the middle
    [InlineData(1, 1, 1, 1, 0, 0)]
    public void A_slice_on_which_no_part_fits_gives_its_middle(int height, int width, int partHeight, int partWidth, int top, int left)
    {
        var whole = new CropSettings { Count = 1, Size = 8, MinScale = 1, MaxScale = 1 };
        var draw = Default.Draw(whole, height, width, RandomStream.For(6));

        Assert.Equal((partHeight, partWidth, top, left), (draw.Height, draw.Width, draw.Top, draw.Left));
    }

    [Fact]
    public void A_crop_allocates_nothing()
    {
        var slice = Slice(300, 300, 7);
        var crop = new float[96 * 96];
        var random = RandomStream.For(7);
        for (var i = 0; i < 50; i++)
        {
            Default.Apply(slice, 300, 300, random, crop, Small); // fills the pools
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++)
        {
            Default.Apply(slice, 300, 300, random, crop, Small);
        }

        // Less than one buffer of a crop in fifty: nothing that grows with the number of crops.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 96 * 96 * sizeof(float) - 1);
    }

    [Fact]
    public void Wrong_sizes_are_refused()
    {
        var draw = new CropDraw(4, 0, 0, 5, 5, IsFlipped: false);

        Assert.Throws<ArgumentException>(() => MultiCrop.Apply(new float[24], 5, 5, draw, new float[16]));
        Assert.Throws<ArgumentException>(() => MultiCrop.Apply(new float[25], 5, 5, draw, new float[15]));
        Assert.Throws<ArgumentException>(() => MultiCrop.Apply(new float[25], 5, 5, draw with { Left = 1 }, new float[16]));
        Assert.Throws<ArgumentException>(() => MultiCrop.Apply(new float[25], 5, 5, draw with { BlurSigma = -1 }, new float[16]));
    }

    [Fact]
    public void All_faults_of_settings_are_named_at_once()
    {
        var settings = new MultiCropSettings
        {
            Crops = [Large with { Count = 0 }, Small with { MinScale = 0.5 }], FlipProbability = -1, MinBlurSigma = 3,
        };

        Assert.Empty(new MultiCropSettings().Faults());
        Assert.Equal(4, settings.Faults().Count());
        var error = Assert.Throws<ArgumentException>(() => new MultiCrop(settings));
        Assert.All(settings.Faults(), fault => Assert.Contains(fault, error.Message, StringComparison.Ordinal));
    }

    private static float[] Slice(int height, int width, long seed) => TestVolumes.Random<float>(new VolumeGrid(width, height, 1), seed);
}
