using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>The expanding path of a U-Net: blocks from the deepest map up to the input's size.</summary>
internal sealed class UNetDecoder : Module<IReadOnlyList<Tensor>, long[], Tensor>
{
    [ComponentName(Name = "blocks")] private readonly ModuleList<UNetDecoderBlock> _blocks;

    /// <param name="levelWidths">Channels of the encoder's five maps, largest map first.</param>
    /// <param name="widths">Channels of the five blocks, deepest first.</param>
    public UNetDecoder(IReadOnlyList<int> levelWidths, IReadOnlyList<int> widths)
        : base(nameof(UNetDecoder))
    {
        var blocks = new List<UNetDecoderBlock>();
        var below = levelWidths[^1];
        for (var b = 0; b < widths.Count; b++)
        {
            var skip = levelWidths.Count - 2 - b;
            blocks.Add(new UNetDecoderBlock(below + (skip >= 0 ? levelWidths[skip] : 0), widths[b]));
            below = widths[b];
        }

        _blocks = new ModuleList<UNetDecoderBlock>([.. blocks]);
        RegisterComponents();
    }

    /// <param name="levels">The encoder's five maps, largest first.</param>
    /// <param name="size">Height and width of the input.</param>
    /// <returns>[n, last width, H, W].</returns>
    public override Tensor forward(IReadOnlyList<Tensor> levels, long[] size)
    {
        using var scope = NewDisposeScope();
        var x = levels[^1];
        for (var b = 0; b < _blocks.Count; b++)
        {
            var skip = levels.Count - 2 - b;
            x = skip >= 0
                ? _blocks[b].forward(x, levels[skip], levels[skip].shape[^2..])
                : _blocks[b].forward(x, null, size);
        }

        return x.MoveToOuterDisposeScope();
    }
}
