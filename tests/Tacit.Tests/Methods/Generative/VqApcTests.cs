using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Generative;

public sealed class VqApcTests
{
    private static readonly Batch Waves = FrameTrial.Waves(5, false, 60, 60, 44, 52, 3);

    /// <summary>With the likeliest code of each frame, as in evaluation: gradients reach the code book and the head.</summary>
    [Fact]
    public void LossAndGradientsAreTorchs()
    {
        VqApc method = Make(new VqApcOptions { NFuture = 4, Codes = 7 });
        method.Eval();
        FrameTrial.IsThatOfTheScript(method, "vq-apc");
    }

    [Fact]
    public void FiftyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(), Waves, 50, Trial.Adam(0.02));
        Assert.True(losses[^1] < 0.9 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed: seed), Waves);

    /// <summary>In evaluation, since draws of a batch depend on the frames before.</summary>
    [Fact]
    public void PaddingChangesNothing() => FrameTrial.PaddingChangesNothing(
        () =>
        {
            VqApc method = Make();
            method.Eval();
            return method;
        },
        5);

    [Fact]
    public void GradientsPassTheDrawnCodesToTheEncoder()
    {
        VqApc method = Make();
        using Scope scope = Scope.Gradient(1);
        scope.Backward(method.Loss(Waves, new Diagnostics()));
        Assert.All(method.Backbone.Parameters(), p => Assert.Contains(p.GradientSpan.ToArray(), g => g != 0));
    }

    /// <summary>Where one code's logit is far above the others a frame's code is no choice: one of 16 is in use.</summary>
    [Fact]
    public void UnusedCodesAreReported()
    {
        VqApc method = Make();
        Trial.Silence(method, "vq_layer.vq_logits");
        Assert.InRange(Trial.Look(method, Waves).Found["code_perplexity_1"]!.Value, 12, 16.001);
        method.NamedParameters().First(p => p.Key == "vq_layer.vq_logits.bias").Value.Span[3] = 100;
        Diagnostics found = Trial.Look(method, Waves).Found;
        Assert.Equal(1, found["code_perplexity_1"]!.Value, 1e-3);
        Assert.Equal(15, found["dead_codes"]);
    }

    [Fact]
    public void ABatchThatIsTooShortCostsNothing() => FrameTrial.ABatchThatIsTooShortCostsNothing(Make(), FrameTrial.Waves(5, false, 8, 5, 4, 1));

    [Fact]
    public void WhatCannotBeToldIsRefused()
    {
        Assert.StartsWith(
            "model.name: vq-apc works with gru, not with fbank-transformer.",
            Assert.Throws<ConfigurationException>(() => Trial.Start(b => new VqApc(b, new VqApcOptions()), FrameTrial.Transformer)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "method.n-future: 200 cannot work", FrameTrial.Refusal(new VqApcOptions { NFuture = 200 }, FrameTrial.Gru, 1, "method.n-future"), StringComparison.Ordinal);
    }

    /// <summary>The leaderboard's figure, with the head.</summary>
    [Fact]
    public void ItsSizeIsThePublishedOne() => Assert.Equal(4_630_096, FrameTrial.Published("vq-apc").ParameterCount);

    private static VqApc Make(VqApcOptions? options = null, ulong seed = 1) =>
        Trial.Start(b => new VqApc(b, options ?? new VqApcOptions { Codes = 16 }), FrameTrial.Gru, seed);
}
