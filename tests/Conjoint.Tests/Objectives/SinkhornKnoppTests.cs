using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Tests.Golden;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Objectives;

public sealed class SinkhornKnoppTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static Tensor Codes(Tensor scores, double epsilon = 0.05, int iterations = 3) =>
        new SinkhornKnopp(new SinkhornSettings { Epsilon = epsilon, Iterations = iterations }, SingleProcess.Instance).Codes(scores);

    [Fact]
    public void Two_samples_and_two_prototypes_by_hand()
    {
        // exp(S/ε) = [2 1; 1 1]. Columns: [2/3 1/2; 1/3 1/2]. Rows: [4/7 3/7; 2/5 3/5].
        var scores = tensor(new double[] { Math.Log(2), 0, 0, 0 }).reshape(2, 2);
        var codes = Codes(scores, epsilon: 1, iterations: 1).reshape(-1).data<double>().ToArray();
        Assert.All(codes.Zip([4.0 / 7, 3.0 / 7, 2.0 / 5, 3.0 / 5]), pair => Assert.Equal(pair.Second, pair.First, 14));
    }

    [Fact]
    public void Equals_the_plain_exponential_form()
    {
        var scores = Noise.Uniform(1, -1, 1, 12, 5);
        var q = (scores / 0.05).exp().t();
        q /= q.sum();
        for (var round = 0; round < 3; round++)
        {
            q /= q.sum(1, keepdim: true) * 5;
            q /= q.sum(dim: 0, keepdim: true) * 12;
        }

        Assert.True(allclose(Codes(scores), (q * 12).t(), rtol: 0, atol: 1e-12));
    }

    [Fact]
    public void Each_sample_has_mass_one_and_each_prototype_an_equal_share() => ForAnyScores(scores =>
    {
        var codes = Codes(scores, epsilon: 0.5, iterations: 200);
        var share = (double)scores.shape[0] / scores.shape[1];
        return allclose(codes.sum(1), ones(scores.shape[0], dtype: ScalarType.Float64), rtol: 0, atol: 1e-9)
            && allclose(codes.sum(dim: 0), full(scores.shape[1], share, dtype: ScalarType.Float64), rtol: 1e-4, atol: 1e-4);
    });

    [Fact]
    public void Permuted_samples_and_prototypes_have_permuted_codes() => ForAnyScores(scores =>
    {
        var samples = Noise.Uniform(7, 0, 1, scores.shape[0]).argsort();
        var prototypes = Noise.Uniform(8, 0, 1, scores.shape[1]).argsort();
        var permuted = scores.index_select(0, samples).index_select(1, prototypes);
        return allclose(Codes(permuted), Codes(scores).index_select(0, samples).index_select(1, prototypes), rtol: 0, atol: 1e-10);
    });

    [Theory]
    [InlineData(ScalarType.Float32, 1e3)]
    [InlineData(ScalarType.Float32, 1e30)]
    [InlineData(ScalarType.Float32, float.MaxValue)]
    [InlineData(ScalarType.Float16, 6e4)]
    [InlineData(ScalarType.BFloat16, 1e38)]
    [InlineData(ScalarType.Float64, 1e300)]
    [InlineData(ScalarType.Float64, double.MaxValue)]
    public void No_finite_score_overflows(ScalarType type, double size)
    {
        foreach (var pattern in new[] { Noise.Uniform(3, -1, 1, 9, 4), zeros(9, 4, dtype: ScalarType.Float64) + 1, zeros(9, 4, dtype: ScalarType.Float64) - 1, eye(9, 4, dtype: ScalarType.Float64) })
        {
            var codes = Codes((pattern * size).to(type));
            Assert.Equal(type == ScalarType.Float64 ? type : ScalarType.Float32, codes.dtype);
            var exact = codes.to(ScalarType.Float64);
            Assert.True(exact.isfinite().all().item<bool>());
            Assert.True(allclose(exact.sum(1), ones(9, dtype: ScalarType.Float64), rtol: 0, atol: 1e-6));
        }
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1e-12)]
    [InlineData(1e-300)]
    public void However_small_epsilon_is_codes_are_distributions(double epsilon)
    {
        // Each sample has a prototype of its own: with ε → 0 the codes become that assignment.
        var scores = eye(6, dtype: ScalarType.Float64) + 0.01 * Noise.Uniform(4, -1, 1, 6, 6);
        Assert.True(allclose(Codes(scores, epsilon), eye(6, dtype: ScalarType.Float64), rtol: 0, atol: 1e-9));
        var noisy = Codes(Noise.Uniform(9, -1, 1, 20, 6).to(ScalarType.Float32), epsilon, iterations: 50);
        Assert.True(noisy.isfinite().all().item<bool>());
        Assert.True(allclose(noisy.sum(1), ones(20), rtol: 0, atol: 1e-5));
    }

    [Fact]
    public void Sixteen_bit_scores_lose_nothing_beyond_their_own_rounding()
    {
        var scores = Noise.Uniform(10, -1, 1, 16, 6).to(ScalarType.BFloat16);
        var exact = Codes(scores.to(ScalarType.Float64));
        Assert.True(allclose(Codes(scores).to(ScalarType.Float64), exact, rtol: 1e-6, atol: 1e-7));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Several_processes_give_the_codes_of_one(int worldSize)
    {
        var scores = Noise.Normal(5, 12, 7);
        // Scores that are huge on one process only.
        scores[0] *= 1e20;
        var parts = scores.chunk(worldSize, 0);
        var codes = InMemoryGroup.Run(worldSize, group => new SinkhornKnopp(new SinkhornSettings(), group).Codes(parts[group.Rank]));
        Assert.True(allclose(cat(codes, 0), Codes(scores), rtol: 0, atol: 1e-12));
    }

    [Fact]
    public void Codes_have_no_gradient_and_leave_nothing_behind()
    {
        var scores = Noise.Normal(6, 4, 3).requires_grad_();
        Assert.False(Codes(scores).requires_grad);
        LeakGuard.AssertOnlyResults(() => [Codes(scores)]);
    }

    [Fact]
    public void Impossible_settings_and_shapes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Codes(ones(3)));
        Assert.Throws<ArgumentException>(() => Codes(ones(3, 2), epsilon: 0));
        Assert.Throws<ArgumentException>(() => Codes(ones(3, 2), epsilon: double.NaN));
        Assert.Throws<ArgumentException>(() => Codes(ones(3, 2), iterations: 0));
    }

    private static void ForAnyScores(Func<Tensor, bool> property)
    {
        var cases = Gen.Choose(1, 12).SelectMany(b => Gen.Choose(1, 9).SelectMany(k => Gen.Choose(0, int.MaxValue).Select(seed => (b, k, seed)))).ToArbitrary();
        Prop.ForAll(cases, drawn =>
        {
            using var scope = NewDisposeScope();
            return property(Noise.Uniform(drawn.seed, -1, 1, drawn.b, drawn.k));
        }).QuickCheckThrowOnFailure();
    }
}
