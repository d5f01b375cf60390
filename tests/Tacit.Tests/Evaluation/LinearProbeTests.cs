using Tacit.Evaluation;

namespace Tacit.Tests.Evaluation;

public sealed class LinearProbeTests
{
    /// <summary>Two classes at distance d along orthogonal axes, unit noise: the best possible accuracy is Φ(d/√2).</summary>
    [Theory]
    [InlineData(ProbeSolver.Lbfgs)]
    [InlineData(ProbeSolver.Sgd)]
    public void Comes_close_to_the_best_possible_classifier(ProbeSolver solver)
    {
        FeatureTable train = Blobs.Make(2, 1500, 8, 2, 1, offset: 5), test = Blobs.Make(2, 2000, 8, 2, 2, offset: 5);

        double accuracy = Blobs.Accuracy(new LinearProbe(solver).Predict(train, test), test);

        Assert.Equal(0.9214, accuracy, 0.015);      // Φ(√2)
    }

    [Fact]
    public void Both_solvers_find_the_same_classifier()
    {
        FeatureTable train = Blobs.Make(4, 200, 12, 2.5f, 3), test = Blobs.Make(4, 500, 12, 2.5f, 4);
        int[] exact = new LinearProbe(ProbeSolver.Lbfgs).Predict(train, test), stochastic = new LinearProbe(ProbeSolver.Sgd).Predict(train, test);

        Assert.InRange(exact.Zip(stochastic, (a, b) => a == b ? 1.0 : 0).Average(), 0.96, 1);
    }

    [Fact]
    public void Regulariser_is_stronger_where_features_are_mostly_noise()
    {
        FeatureTable clear = Blobs.Make(3, 300, 3, 6, 5), noisy = Blobs.Make(3, 15, 120, 1, 6);
        var probe = new LinearProbe();
        probe.Predict(clear, clear);
        double weak = probe.Strength;
        probe.Predict(noisy, noisy);

        Assert.True(probe.Strength >= 10 * weak, $"{probe.Strength} for noise, {weak} for clear classes");
    }

    [Fact]
    public void Test_labels_are_never_looked_at()
    {
        FeatureTable train = Blobs.Make(3, 40, 20, 2, 7), test = Blobs.Make(3, 100, 20, 2, 8);
        var blind = new FeatureTable(test.Values, new int[test.Count], test.Classes);

        Assert.Equal(new LinearProbe().Predict(train, test), new LinearProbe().Predict(train, blind));
    }

    [Fact]
    public void One_item_a_class_is_enough_to_fit()
    {
        FeatureTable train = Blobs.Make(3, 1, 3, 20, 9), test = Blobs.Make(3, 50, 3, 20, 10);

        Assert.InRange(Blobs.Accuracy(new LinearProbe().Predict(train, test), test), 0.98, 1);
    }
}
