using ArchUnitNET.Loader;
using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Tests.Architecture;

public class ArchitectureTests
{
    private static readonly ArchUnitNET.Domain.Architecture s_house =
        new ArchLoader().LoadAssemblies(typeof(Volume).Assembly, typeof(ConjointVersion).Assembly).Build();

    private static readonly ArchUnitNET.Domain.Architecture s_madeUp =
        new ArchLoader().LoadAssembly(typeof(ArchitectureTests).Assembly).Build();

    private const string MadeUp = "Conjoint.Tests.Architecture.MadeUp";

    [Fact]
    public void Imports_point_down() => Assert.Empty(new LayerRule("Conjoint").Violations(s_house));

    [Fact]
    public void The_rule_sees_imports_that_point_up_or_sideways() => Assert.Equal(
        [
            $"{MadeUp}.Data.Loader uses {MadeUp}.Nets.Net",
            $"{MadeUp}.Runtime.Device uses {MadeUp}.Training.Trainer",
        ],
        new LayerRule(MadeUp).Violations(s_madeUp));

    [Fact]
    public void Every_type_of_the_library_lives_in_a_layer()
    {
        var rule = new LayerRule("Conjoint");
        Assert.Empty(s_house.Types
            .Where(t => (t.Namespace?.FullName ?? "").StartsWith("Conjoint", StringComparison.Ordinal) && rule.LayerOf(t) is null)
            .Select(t => t.FullName));
    }

    [Fact]
    public void Objectives_do_no_input_or_output() => Assert.Empty(InputAndOutput(s_house, "Conjoint.Objectives"));

    [Fact]
    public void The_rule_sees_a_file_read_amid_the_maths() =>
        Assert.Equal([$"{MadeUp}.Objectives.Loss uses System.IO.File"], InputAndOutput(s_madeUp, $"{MadeUp}.Objectives"));

    [Fact]
    public void Imaging_knows_no_tensor_library() => Assert.DoesNotContain(
        typeof(Volume).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("TorchSharp", StringComparison.Ordinal));

    private static IEnumerable<string> InputAndOutput(ArchUnitNET.Domain.Architecture architecture, string space) => architecture.Types
        .Where(t => t.Namespace?.FullName == space || (t.Namespace?.FullName ?? "").StartsWith(space + ".", StringComparison.Ordinal))
        .SelectMany(t => t.Dependencies)
        .Where(d => d.Target.FullName.StartsWith("System.IO.", StringComparison.Ordinal) || d.Target.FullName is "System.Console")
        .Select(d => $"{d.Origin.FullName} uses {d.Target.FullName}")
        .Distinct();
}
