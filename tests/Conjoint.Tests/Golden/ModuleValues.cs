using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden;

/// <summary>Putting stored values into modules, and taking parameters, gradients and their checksums out.</summary>
internal static class ModuleValues
{
    /// <summary>Fills a module from a case: by recipe where it has a seed, else from its <c>param.*</c>, every one of which must be there.</summary>
    public static void Fill(GoldenCase golden, nn.Module module, string seedKey = "recipe_seed", string stateDictKey = "state_dict")
    {
        Assert.Equal(golden.StateDict(stateDictKey), PyTorchOrder(module));
        if (golden.HasKey(seedKey))
            Recipe.Fill(module, golden.StateDict(stateDictKey), golden.Int(seedKey));
        else
            Load(golden, module);
        module.to(golden.Type);
    }

    private static void Load(GoldenCase golden, nn.Module module)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target) in module.state_dict())
        {
            if (golden.Has("param." + name))
                target.copy_(golden["param." + name]);
            else if (!name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
                throw new InvalidDataException($"{golden.Name} gives no value for '{name}'");
        }

        var unknown = golden.Names("param.").Except(module.state_dict().Keys).ToList();
        if (unknown.Count > 0)
            throw new InvalidDataException($"{golden.Name}: the module has no {string.Join(", ", unknown)}");
    }

    /// <summary>Adds <c>gradp.name</c> for every parameter and <c>gradp_mean_std_l2</c> for all, in the order of the list.</summary>
    public static void AddGradients(this Dictionary<string, Tensor> outputs, nn.Module module, IReadOnlyList<string> order)
    {
        var gradients = module.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad ?? zeros_like(p.parameter));
        foreach (var (name, gradient) in gradients)
            outputs["gradp." + name] = gradient;
        outputs["gradp_mean_std_l2"] = Checksums(order.Where(gradients.ContainsKey).Select(name => gradients[name]));
    }

    /// <summary>A row of mean, population standard deviation and L2 norm for each tensor.</summary>
    public static Tensor Checksums(IEnumerable<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        return stack([.. tensors.Select(t =>
        {
            var flat = t.detach().reshape(-1);
            var mean = flat.mean();
            return stack([mean, (flat - mean).square().mean().sqrt(), flat.square().sum().sqrt()]);
        })]).MoveToOuterDisposeScope();
    }

    /// <summary>Checksums of the parameters (or buffers) of a module in the order of the list.</summary>
    public static Tensor Checksums(nn.Module module, IReadOnlyList<string> order, bool buffers = false)
    {
        var named = buffers
            ? module.named_buffers().Where(b => !b.name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToDictionary(b => b.name, b => b.buffer)
            : module.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        return Checksums(order.Where(named.ContainsKey).Select(name => named[name]));
    }

    /// <summary>Names of the state dict in PyTorch's order: a module's own parameters and buffers, then its children. (TorchSharp lists all buffers last.)</summary>
    public static IEnumerable<string> PyTorchOrder(nn.Module module, string prefix = "") =>
    [
        .. module.named_parameters(recurse: false).Select(p => prefix + p.name),
        .. module.named_buffers(recurse: false).Select(b => prefix + b.name),
        .. module.named_children().SelectMany(child => PyTorchOrder(child.module, prefix + child.name + ".")),
    ];

    /// <summary>Eval mode where the case asks for it, else training mode.</summary>
    public static void SetMode(GoldenCase golden, nn.Module module) =>
        module.train(!(golden.HasKey("mode") && golden.Text("mode").StartsWith("eval", StringComparison.Ordinal)));
}
