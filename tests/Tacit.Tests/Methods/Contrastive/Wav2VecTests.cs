using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Contrastive;

public sealed class Wav2VecTests
{
    private static readonly Wav2VecMethodOptions Small = new() { Steps = 3, NegativeCount = 4 };

    [Fact]
    public void StepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(), WaveTrial.Batch([9600, 7000]), 30);
        Assert.True(losses[^1] < losses[0] - 0.1, $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void TheLossIsThatOfTheDefinition()
    {
        Wav2Vec method = Make();
        Batch batch = WaveTrial.Batch([9600, 7000]);
        using Scope scope = Scope.Gradient(3, 7);
        Wav2VecEncoder encoder = ((Wav2VecBackbone)method.Backbone).Encoder;
        Tensor z = encoder.Features(batch.Views, batch.Lengths);
        int[] lengths = encoder.FrameLengths(batch.Lengths!);
        double[][] c = WaveTrial.Rows(Ops.PackFrames(encoder.Context(z, lengths), lengths)), keys = WaveTrial.Rows(Ops.PackFrames(z, lengths));
        double expected = WaveTrial.Future(
            method, keys, c, lengths, 3, 3, 4, WaveTrial.Dot, scores => scores.Select((s, i) => Math.Log(1 + Math.Exp(i == 0 ? -s : s))).Average());
        Assert.Equal(expected, Trial.Look(method, batch).Loss, 1e-5);
    }

    /// <summary>Scores of 0 are even odds for each: ln 2.</summary>
    [Fact]
    public void PredictionsOfNothingAreEvenOdds()
    {
        Wav2Vec method = Make();
        Trial.Silence(method, "predictors");
        Assert.Equal(Math.Log(2), Trial.Look(method, WaveTrial.Batch([9600, 7000])).Loss, 1e-6);
    }

    [Fact]
    public void PaddingIsNeverSeen() =>
        Assert.Equal(Trial.Look(Make(), WaveTrial.Batch([9600, 7000])).Loss, Trial.Look(Make(), WaveTrial.Batch([9600, 7000], padding: 3)).Loss, 1e-6);

    [Fact]
    public void UtterancesTooShortToPredictTeachNothing() => Assert.Equal(0, Trial.Look(Make(), WaveTrial.Batch([900, 100])).Loss);

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(Make, WaveTrial.Batch([9600, 7000]));

    [Fact]
    public void PublishedSizesHaveTheirParameters() => Assert.Equal(
        32_537_088, new Wav2Vec(BackboneFactory.Build(new BackboneOptions { Name = BackboneFactory.Wav2Vec, Dim = 512, Depth = 12 }), new Wav2VecMethodOptions()).ParameterCount);

    [Fact]
    public void ItFitsShortCropsAndRefusesOtherEncoders()
    {
        Assert.Equal(6, WaveTrial.Fit(new Wav2VecMethodOptions(), WaveTrial.Wav2Vec, 0.2).Options.Steps);
        Assert.StartsWith("method.steps: 12 cannot work", WaveTrial.Refusal(new Wav2VecMethodOptions(), WaveTrial.Wav2Vec, 0.2, "method.steps"), StringComparison.Ordinal);
        Assert.StartsWith("model.name", Assert.Throws<ConfigurationException>(() => new Wav2Vec(BackboneFactory.Build(WaveTrial.Cpc), Small)).Message, StringComparison.Ordinal);
    }

    private static Wav2Vec Make(ulong seed = 1) => Trial.Start(backbone => new Wav2Vec(backbone, Small), WaveTrial.Wav2Vec, seed);
}
