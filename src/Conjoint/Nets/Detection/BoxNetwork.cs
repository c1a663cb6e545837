using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets.Detection;

/// <summary>The second step of the detector: pools every region and says what it is and where it ends.</summary>
internal sealed class BoxNetwork : Module<IReadOnlyList<Tensor>, IReadOnlyList<Region>, (Tensor Classes, Tensor Deltas)>
{
    [ComponentName(Name = "box_head")] private readonly BoxHead _head;
    [ComponentName(Name = "box_predictor")] private readonly BoxPredictor _predictor;
    private readonly PyramidRoiAlign _pooling = new();

    public BoxNetwork(FasterRcnnSettings settings, int classes)
        : base(nameof(BoxNetwork))
    {
        _head = new BoxHead(settings.PyramidWidth * _pooling.Pooling.Height * _pooling.Pooling.Width, settings.HeadWidth);
        _predictor = new BoxPredictor(settings.HeadWidth, classes);
        RegisterComponents();
    }

    /// <param name="maps">P2 to P5.</param>
    /// <param name="regions">R regions.</param>
    /// <returns>Logits [R, classes] and deltas [R, classes, 4].</returns>
    public override (Tensor Classes, Tensor Deltas) forward(IReadOnlyList<Tensor> maps, IReadOnlyList<Region> regions)
    {
        using var scope = NewDisposeScope();
        var pooled = _pooling.Pool(maps, regions);                                          // [R, C, 7, 7]
        var (classes, deltas) = _predictor.forward(_head.forward(pooled));
        return (classes.MoveToOuterDisposeScope(), deltas.MoveToOuterDisposeScope());
    }
}
