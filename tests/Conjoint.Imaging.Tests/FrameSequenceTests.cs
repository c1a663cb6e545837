using Conjoint.TestSupport;

namespace Conjoint.Imaging.Tests;

public sealed class FrameSequenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_frames_is_a_stack_in_the_order_of_numbers()
    {
        var (stacks, others) = FrameSequence.Find(["a/frame_10.png", "a/frame_9.png", "a/other.png", "b/frame_001.jpg"]);
        Assert.Equal(["a", "b"], stacks.Select(stack => stack.Path));
        Assert.Equal(["a/frame_9.png", "a/frame_10.png"], stacks[0].Files);
        Assert.Equal(["a/other.png"], others);
    }

    [Theory]
    [InlineData(7, FrameSequence.DefaultMinimumFrames, false)]
    [InlineData(8, FrameSequence.DefaultMinimumFrames, true)]
    [InlineData(2, 1, true)]
    public void Enough_files_with_one_prefix_are_a_stack(int count, int minimum, bool isStack)
    {
        var files = Enumerable.Range(0, count).Select(i => $"d/scan_1_frame_{i:000}.png").Append("d/scan_2_frame_000.jpg");
        var (stacks, others) = FrameSequence.Find(files, minimum);
        Assert.Equal(isStack, stacks.Any(stack => stack.Path == "d/scan_1_frame_*" || stack.Path == "d/scan_1_*"));
        Assert.Equal(count + 1, others.Count + stacks.Sum(stack => stack.Files.Count));
    }

    [Fact]
    public void Slices_lie_along_z_with_x_along_the_rows()
    {
        for (var z = 0; z < 3; z++)
            PngFile.Write(_folder[$"frame_{z}.png"], new Image([.. Enumerable.Range(10 * z, 6).Select(v => (float)v)], 3, 2), 8);
        var stack = Assert.Single(FrameSequence.Find(Directory.GetFiles(_folder.Path)).Stacks);
        var volume = stack.ReadVolume();
        Assert.Equal((3, 2, 3), (volume.SizeX, volume.SizeY, volume.SizeZ));
        Assert.Equal(25, volume[2, 1, 2]);
        Assert.Equal([3, 2, 3], stack.ReadHeader().Shape);
    }

    [Fact]
    public void Slices_of_another_size_are_refused_by_name()
    {
        PngFile.Write(_folder["frame_0.png"], new Image(new float[6], 3, 2), 8);
        PngFile.Write(_folder["frame_1.png"], new Image(new float[6], 2, 3), 8);
        var stack = Assert.Single(FrameSequence.Find(Directory.GetFiles(_folder.Path)).Stacks);
        Assert.Equal(_folder["frame_1.png"], Assert.Throws<InputDataException>(stack.ReadVolume).Path);
    }

    [Fact]
    public void Gaps_and_doubles_are_told()
    {
        foreach (var name in new[] { "frame_1.png", "frame_01.png", "frame_4.png" })
            PngFile.Write(_folder[name], new Image(new float[1], 1, 1), 8);
        var stack = Assert.Single(FrameSequence.Find(Directory.GetFiles(_folder.Path)).Stacks);
        Assert.Equal(
            ["1 frame numbers occur twice", "2 of the frames 1 to 4 are missing; the others are taken as neighbours"],
            stack.ReadHeader().Problems);
    }
}
