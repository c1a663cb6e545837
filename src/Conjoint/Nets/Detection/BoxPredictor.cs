using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets.Detection;

/// <summary>The class of a region, and a box for each class it could be.</summary>
internal sealed class BoxPredictor : Module<Tensor, (Tensor Classes, Tensor Deltas)>
{
    [ComponentName(Name = "cls_score")] private readonly Linear _classes;
    [ComponentName(Name = "bbox_pred")] private readonly Linear _deltas;

    private readonly int _count;

    /// <param name="features">Width of the head.</param>
    /// <param name="classes">Classes, the background (0) among them.</param>
    public BoxPredictor(int features, int classes)
        : base(nameof(BoxPredictor))
    {
        _count = classes;
        _classes = Linear(features, classes);
        _deltas = Linear(features, 4 * classes);
        RegisterComponents();
    }

    /// <param name="features">[R, features].</param>
    /// <returns>Logits [R, classes] and deltas [R, classes, 4].</returns>
    public override (Tensor Classes, Tensor Deltas) forward(Tensor features) =>
        (_classes.forward(features), _deltas.forward(features).reshape(features.shape[0], _count, 4));
}
