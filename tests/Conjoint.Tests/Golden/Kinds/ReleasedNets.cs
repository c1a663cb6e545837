using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Conjoint.Nets;
using Conjoint.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The released nets as their cases describe them, filled by the release's names.</summary>
internal static partial class ReleasedNets
{
    /// <summary>The release writes out the values that the cases leave to its defaults.</summary>
    public static VolumeEncoderSettings VolumeEncoder(GoldenCase golden) => VolumeEncoder(golden, golden.Int("n_frames"));

    public static VolumeEncoderSettings VolumeEncoder(GoldenCase golden, int slices) => Released(slices) with
    {
        Width = golden.Int("d_model"),
        HiddenWidth = golden.Int("ffn_hidden"),
        Layers = golden.HasKey("n_layers") ? golden.Int("n_layers") : 1,
        Dropout = golden.HasKey("drop") ? golden.Number("drop") : 0,
        Sampling = Sampling(golden),
    };

    public static VolumeEncoderSettings Released(int slices) => new()
    {
        Attention = AttentionAxis.Features,
        Sampling = KeySampling.V0018,
        PositionBias = PositionBias.Mlp,
        Embedding = TokenEmbedding.Deconv,
        Slices = slices,
    };

    /// <summary>Files without a variant use <c>fixed</c>.</summary>
    public static KeySampling Sampling(GoldenCase golden) => (golden.HasKey("variant") ? golden.Text("variant") : "fixed") switch
    {
        "fixed" => KeySampling.Fixed,
        "v0018" => KeySampling.V0018,
        var other => throw new InvalidDataException($"variant '{other}'"),
    };

    /// <summary>The class's arguments, <c>ResNet()</c> or <c>ResNet(layers=[1,1,1,1], width_per_group=16)</c>.</summary>
    public static SliceEncoderSettings SliceEncoder(string text)
    {
        var match = ResNet().Match(text);
        if (!match.Success)
            throw new InvalidDataException($"no ResNet in '{text}'");
        var layers = match.Groups["layers"] is { Success: true, Value: var list } ? JsonSerializer.Deserialize<int[]>(list)! : [3, 4, 6, 3];
        return SliceEncoder(match.Groups["width"] is { Success: true, Value: var width } ? int.Parse(width, CultureInfo.InvariantCulture) : 64, layers);
    }

    public static SliceEncoderSettings SliceEncoder(int width, IReadOnlyList<int> layers) =>
        new() { BaseWidth = width, InnerWidth = width * width / 64, Blocks = layers, FeatureLevels = FeatureLevels.LastTwice };

    /// <summary>Fills modules as one state dict in the release's order, which is ours too, with its buffers; by recipe.</summary>
    public static void Fill(GoldenCase golden, string seedKey, params nn.Module[] modules) =>
        Fill(golden, seedKey, modules.SelectMany(module => Entries(module)));

    /// <summary>Fills the entries of one state dict in their order, by recipe.</summary>
    public static void Fill(GoldenCase golden, string seedKey, IEnumerable<(string Name, Tensor Value)> entries)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        uint k = 0;
        foreach (var (name, value) in entries)
        {
            // The recipe looks at a name's end, where both spellings agree.
            if (!name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
                value.copy_(Recipe.Entry(name, value.shape, (uint)golden.Int(seedKey), k));
            k++;
        }
    }

    /// <summary>A module's state dict in PyTorch's order.</summary>
    public static IEnumerable<(string Name, Tensor Value)> Entries(nn.Module module)
    {
        var state = module.state_dict();
        return ModuleValues.PyTorchOrder(module).Select(name => (name, state[name]));
    }

    /// <summary>The embedding of a volume encoder, which the release counts to its slice encoder.</summary>
    public static nn.Module Embedding(VolumeEncoder encoder) => encoder.named_children().Single(c => c.name == "embedding").module;

    /// <summary>Fills a module from the case's <c>param.*</c>, every one of which must be there and be used; <c>ours</c> gives our name of one of theirs.</summary>
    public static void Load(GoldenCase golden, nn.Module module, Func<string, string?>? ours = null)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var state = module.state_dict();
        var missing = state.Keys.Where(n => !n.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToHashSet();
        foreach (var theirs in golden.Names("param."))
        {
            var name = ours is null ? theirs : ours(theirs);
            if (name is null || !state.TryGetValue(name, out var target) || !target.shape.AsSpan().SequenceEqual(golden["param." + theirs].shape))
                throw new InvalidDataException($"{golden.Name}: the module has no '{name ?? theirs}' of that shape");
            target.copy_(golden["param." + theirs]);
            missing.Remove(name);
        }

        if (missing.Count > 0)
            throw new InvalidDataException($"{golden.Name} gives no value for {string.Join(", ", missing)}");
        module.to(golden.Type);
    }

    /// <summary>Adds <c>gradp.</c> and the release's name for every parameter that the case has.</summary>
    public static void AddGradients(Dictionary<string, Tensor> outputs, GoldenCase golden, nn.Module module, Func<string, string?>? ours = null)
    {
        var gradients = module.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad ?? zeros_like(p.parameter));
        foreach (var theirs in golden.Names(GoldenCase.OutputPrefix + "gradp."))
            outputs["gradp." + theirs] = gradients[(ours is null ? theirs : ours(theirs)) ?? theirs];
    }

    /// <summary>Our name inside a volume encoder of a name of the release's EncoderModel, <c>encoder.layers.0...</c>.</summary>
    public static string? InEncoder(string theirs) => Inside("volume_encoder.", ReleasedNames.FromReleased("inter." + theirs));

    /// <summary>Our name inside a masked model of a name of the release's EncoderDecoderModel.</summary>
    public static string? InMasked(string theirs) =>
        ReleasedNames.FromReleased(theirs) is not { } name ? null
        : Inside("volume_encoder.", name) is { } inside ? "encoder." + inside
        : name;

    private static string? Inside(string prefix, string? name) => name?.StartsWith(prefix, StringComparison.Ordinal) == true ? name[prefix.Length..] : null;

    [GeneratedRegex(@"ResNet\((layers=(?<layers>\[[\d, ]*\]))?(, *)?(width_per_group=(?<width>\d+))?\)")]
    private static partial Regex ResNet();
}
