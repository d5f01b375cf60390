using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

public sealed class SimClrTests
{
    private const int Pictures = 6;

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        SimClr method = Make(new SimClrOptions { Projector = [16, 8], Temperature = 0.5f });
        Batch batch = MakeBatch(sameViews: false);
        Optimizer optimizer = Optimizer.Create(new OptimizerOptions { Lr = 0.1 }, method);
        var losses = new List<double>();
        for (int step = 0; step < 20; step++)
        {
            using Scope scope = Scope.Gradient(0, step);
            Tensor loss = method.Loss(batch, new Diagnostics());
            losses.Add(loss.ToScalar());
            scope.Backward(loss);
            optimizer.Step(0.1);
        }

        Assert.True(losses[^1] < losses[0] - 0.2, $"from {losses[0]} to {losses[^1]}");
    }

    /// <summary>Views without any difference: every row finds its partner, and the positive similarity is 1.</summary>
    [Fact]
    public void EqualViewsAreFoundAndTheLossIsThatOfItsSimilarities()
    {
        SimClr method = Make(new SimClrOptions { Projector = [8] });
        var diagnostics = new Diagnostics();
        using Scope scope = Scope.NoGradient();
        double loss = method.Loss(MakeBatch(sameViews: true), diagnostics).ToScalar();
        Assert.Equal(1, diagnostics["positive_similarity"]!.Value, 1e-5);
        Assert.Equal(1, diagnostics["contrastive_accuracy"]!.Value);
        Assert.InRange(diagnostics["negative_similarity"]!.Value, -1, 1);
        Assert.InRange(diagnostics[Diagnostics.EmbeddingDeviation]!.Value, 1e-6, 1.1);
        Assert.InRange(loss, 0, NtXent.Chance(Pictures));
        Assert.Equal(Math.Log(11), method.ChanceLoss(Pictures)!.Value, 1e-12);
    }

    [Fact]
    public void TheProjectorIsBuiltAsItIsDescribed()
    {
        Assert.Equal(
            ["projector.0.weight", "projector.0.bias", "projector.2.weight", "projector.2.bias"],
            Names(Make(new SimClrOptions { Projector = [16, 8] })));
        Assert.Equal(
            ["projector.0.weight", "projector.1.weight", "projector.1.bias", "projector.3.weight", "projector.4.weight", "projector.4.bias"],
            Names(Make(new SimClrOptions { Projector = [16, 8], ProjectorNorm = true })));
        static IEnumerable<string> Names(SimClr method) => method.NamedParameters().Select(p => p.Key).Where(name => name.StartsWith("projector", StringComparison.Ordinal));
    }

    [Fact]
    public void ItsOptionsAreRead()
    {
        MethodOptions options = SimClr.Entry.Options.Set(SimClr.Entry.Defaults, "projector", "[32]");
        options = SimClr.Entry.Options.Set(options, "augmentation.blur-probability", "0.5");
        var typed = Assert.IsType<SimClrOptions>(options);
        Assert.Equal([32], typed.Projector);
        Assert.Equal(0.5f, typed.Augmentation.BlurProbability);
        Assert.Throws<ConfigurationException>(() => SimClr.Entry.Options.Set(options, "projector", "[]"));
        Assert.Throws<ConfigurationException>(() => SimClr.Entry.Options.Set(options, "temperature", "0"));
    }

    private static SimClr Make(SimClrOptions options)
    {
        var method = new SimClr(BackboneFactory.Build(new BackboneOptions { Width = 4 }), options);
        method.Initialize(1);
        return method;
    }

    private static Batch MakeBatch(bool sameViews)
    {
        Tensor views = Tensor.Lasting(new Shape(2 * Pictures, 8, 8, 3));
        Philox.FillNormal(views.Span, 5, 0, 0);
        Tensor first = views.Rows(0, Pictures), second = views.Rows(Pictures, Pictures);
        for (int i = 0; i < first.Length; i++)
        {
            second.Span[i] = sameViews ? first.Span[i] : first.Span[i] + (0.3f * second.Span[i]);
        }

        return new Batch(views, 2, [.. Enumerable.Range(0, Pictures)], null);
    }
}
