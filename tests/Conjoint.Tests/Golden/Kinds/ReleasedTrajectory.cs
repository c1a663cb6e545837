using System.Text.RegularExpressions;
using Conjoint.Nets;
using Conjoint.Training.Optimisation;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>What the trajectories of the released stages share: nets, views, optimiser.</summary>
internal sealed partial class ReleasedTrajectory : IDisposable
{
    private readonly GoldenCase _golden;
    private readonly nn.Module[] _modules;

    /// <param name="golden">The case.</param>
    /// <param name="counts">K of each head.</param>
    public ReleasedTrajectory(GoldenCase golden, IReadOnlyList<int> counts)
    {
        _golden = golden;
        SliceEncoder = new SliceEncoder(ReleasedNets.SliceEncoder(golden.Text("slice_encoder")));
        VolumeEncoder = new VolumeEncoder(ReleasedNets.VolumeEncoder(golden), SliceEncoder.FeatureWidth);
        Prototypes = new Prototypes(counts, golden.Int("d_model"));
        _modules = [SliceEncoder, VolumeEncoder, Prototypes];
        ReleasedNets.Fill(golden, "recipe_seed", _modules);
        foreach (var module in _modules)
        {
            module.to(golden.Type);
            module.train();
        }

        Optimiser = new LarcSgd(Parameters().Select((p, i) => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), p)), new LarcSgdSettings());
    }

    public SliceEncoder SliceEncoder { get; }

    public VolumeEncoder VolumeEncoder { get; }

    public Prototypes Prototypes { get; }

    public LarcSgd Optimiser { get; }

    /// <summary>Every parameter in the release's order.</summary>
    public IEnumerable<Parameter> Parameters() => _modules.SelectMany(m =>
    {
        var named = m.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        return ModuleValues.PyTorchOrder(m).Where(named.ContainsKey).Select(name => named[name]);
    });

    /// <summary>Checksums of every parameter, and of every buffer.</summary>
    public void AddFinal(Dictionary<string, Tensor> outputs)
    {
        outputs["final_mean_std_l2"] = ModuleValues.Checksums(Parameters().Select(p => (Tensor)p));
        outputs["final_buffers_mean_std_l2"] = ModuleValues.Checksums(SliceEncoder, [.. ModuleValues.PyTorchOrder(SliceEncoder)], buffers: true);
    }

    /// <summary>Unit embeddings of volumes [n, N, C, H, W], all in one forward pass: [n, d].</summary>
    public Tensor Embed(Tensor volumes)
    {
        var lengths = Enumerable.Repeat(volumes.shape[1], (int)volumes.shape[0]).ToArray();
        var features = SlicePacking.Pad(SliceEncoder.forward(volumes.flatten(0, 1)), lengths);
        return VolumeEncoder.Encode(features, lengths).Embedding;
    }

    /// <summary>A view, 0 or 1, of a step: <c>view1[t]=images([2,16,3,32,32], 301*100+2t, gray); view2[t]=same with +50</c>.</summary>
    public static Tensor View(GoldenCase golden, int view, int step)
    {
        var match = Views().Match(golden.Text("views"));
        if (!match.Success)
            throw new InvalidDataException($"{golden.Name}: the views '{golden.Text("views")}' are described in another way than the known ones");
        var (first, second) = (match.Groups["seed"].Value, match.Groups["second"].Value);
        var seed = view == 0 ? first : second.StartsWith('+') ? first + second : second;
        var formula = $"images([{match.Groups["shape"].Value}], {seed}, {match.Groups["last"].Value})";
        return golden.Cast(Recipe.Evaluate(formula, null, new Dictionary<string, long> { ["t"] = step }));
    }

    public Tensor View(int view, int step) => View(_golden, view, step);

    public void Dispose() => Optimiser.Dispose();

    [GeneratedRegex(@"view1[^=]*= *images\(\[(?<shape>[^\]]*)\], *(?<seed>[^,)]+), *(?<last>[^)]*)\).*view2[^=]*= *same with (?<second>[+*\dt]+)")]
    private static partial Regex Views();
}
