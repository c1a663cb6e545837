using Conjoint.Data.Phantoms;
using Conjoint.Data.Phantoms.Anatomy;
using Conjoint.Data.Phantoms.Scanners;

namespace Conjoint.Tests.Data.Phantoms;

public class RadiographTests
{
    private const int Size = Examined.RadiographSize;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Boxes_lie_in_the_image_one_for_each_nodule(int number)
    {
        var subject = Examined.Chest(number);
        var radiograph = Take(subject);

        Assert.Equal(subject.Thorax.Nodules.Count, radiograph.Boxes.Count);
        Assert.All(radiograph.Boxes, box =>
        {
            Assert.InRange(box.X1, 0, box.X2 - 2);
            Assert.InRange(box.Y1, 0, box.Y2 - 2);
            Assert.InRange(box.X2, 0, Size);
            Assert.InRange(box.Y2, 0, Size);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Boxes_hold_what_the_nodules_add_to_the_attenuation(int number)
    {
        var subject = Examined.Chest(number);
        var boxes = Take(subject).Boxes;
        var grid = Radiograph.LayGrid(subject, Size, subject.Stream(Examination.Radiography));
        var nodules = subject.Thorax.Nodules.Select(nodule => nodule.Layer).ToHashSet();
        float[] Integrals(IEnumerable<Layer> layers) => Radiograph.LineIntegrals(Painter.Paint(layers, subject.Hounsfield, grid, TestContext.Current.CancellationToken));
        var with = Integrals(subject.Thorax.Layers);
        var without = Integrals(subject.Thorax.Layers.Where(layer => !nodules.Contains(layer)));

        var added = with.Zip(without, (a, b) => a - b).ToArray();
        // 0.06 is about 4 mm of water in place of lung: less is the soft edge, which boxes may cut.
        for (var i = 0; i < added.Length; i++)
        {
            if (added[i] > 0.06f)
                Assert.Contains(boxes, box => i % Size >= box.X1 - 1 && i % Size < box.X2 + 1 && i / Size >= box.Y1 - 1 && i / Size < box.Y2 + 1);
        }

        Assert.All(boxes, box =>
        {
            var inside = added.Where((_, i) => i % Size >= box.X1 && i % Size < box.X2 && i / Size >= box.Y1 && i / Size < box.Y2).ToList();
            Assert.True(inside.Max() > 0.04f && inside.Average() > 0.005f, $"nothing is added in {box}");
        });
    }

    [Fact]
    public void Lungs_are_dark_and_the_middle_is_bright_on_a_16_bit_scale()
    {
        var image = Take(Examined.Chest(0)).Image;

        Assert.Equal(0, image.Pixels.Min());
        Assert.Equal(65535, image.Pixels.Max());
        Assert.All(image.Pixels, value => Assert.Equal(MathF.Round(value), value));
        var row = image.Pixels.AsSpan(Size * Size / 2, Size).ToArray();
        Assert.True(row[(Size / 2 - 5)..(Size / 2 + 5)].Average() > row[(Size / 5)..(2 * Size / 5)].Average());
    }

    private static Radiograph Take(PhantomSubject subject) =>
        Radiograph.Take(subject, Size, subject.Stream(Examination.Radiography), TestContext.Current.CancellationToken);
}
