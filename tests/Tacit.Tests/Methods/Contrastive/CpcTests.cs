using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Contrastive;

public sealed class CpcTests
{
    private static readonly CpcOptions Small = new() { Steps = 3, NegativeCount = 6, PredictorHidden = 16, Dropout = 0 };

    [Theory]
    [InlineData("linear")]
    [InlineData("transformer")]
    public void StepsOnOneBatchLowerTheLoss(string predictor)
    {
        var diagnostics = new Diagnostics();
        double[] losses = Trial.Steps(Make(predictor: predictor), WaveTrial.Batch([9600, 7000]), 30, found: diagnostics);
        Assert.True(losses[^1] < losses[0] - 0.1, $"from {losses[0]} to {losses[^1]}");
        Assert.InRange(diagnostics["contrastive_accuracy"]!.Value, 0.2, 1);
        Assert.InRange(diagnostics["hardest_negative_similarity"]!.Value, diagnostics["negative_similarity"]!.Value, 1);
        Assert.NotNull(diagnostics[Diagnostics.EmbeddingDeviation]);
    }

    [Fact]
    public void TheLossIsThatOfTheDefinition()
    {
        Cpc method = Make();
        Batch batch = WaveTrial.Batch([9600, 7000]);
        using Scope scope = Scope.Gradient(3, 7);
        var encoder = (CpcBackbone)method.Backbone;
        Tensor z = encoder.Encoder.Features(batch.Views, batch.Lengths);
        int[] lengths = encoder.StateLengths(batch.Views, batch.Lengths);
        double[][] c = WaveTrial.Rows(Ops.PackFrames(encoder.Context.Forward(z, lengths), lengths)), keys = WaveTrial.Rows(Ops.PackFrames(z, lengths));
        double expected = WaveTrial.Future(method, keys, c, lengths, 1, 3, 6, (p, k) => WaveTrial.Dot(p, k) / p.Length, WaveTrial.CrossEntropy);
        Assert.Equal(expected, Trial.Look(method, batch).Loss, 1e-5);
    }

    /// <summary>Predictions that are all 0 tell nothing: ln(1 + S).</summary>
    [Fact]
    public void PredictionsOfNothingAreChance()
    {
        Cpc method = Make();
        Trial.Silence(method, "predictors");
        Assert.Equal(Math.Log(7), Trial.Look(method, WaveTrial.Batch([9600, 7000])).Loss, 1e-6);
        Assert.Equal(Math.Log(7), method.ChanceLoss(2)!.Value, 1e-12);
    }

    [Theory]
    [InlineData("linear", NegativeSource.Utterance)]
    [InlineData("linear", NegativeSource.Batch)]
    [InlineData("transformer", NegativeSource.Speaker)]
    public void PaddingIsNeverSeen(string predictor, NegativeSource negatives)
    {
        Cpc method = Make(predictor: predictor, negatives: negatives);
        Batch clean = WaveTrial.Batch([9600, 7000, 40], speakers: [0, 0, 1]), dirty = WaveTrial.Batch([9600, 7000, 40], padding: 3, speakers: [0, 0, 1]);
        Assert.Equal(Trial.Look(method, clean).Loss, Trial.Look(method, dirty).Loss, 1e-6);
    }

    [Fact]
    public void UtterancesTooShortToPredictTeachNothing()
    {
        Assert.Equal(0, Trial.Look(Make(), WaveTrial.Batch([160, 100])).Loss);
        Assert.True(Trial.Look(Make(), WaveTrial.Batch([160, 800])).Loss > 0);
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed), WaveTrial.Batch([9600, 7000]));

    [Fact]
    public void PublishedSizesHaveTheirParameters() =>
        Assert.Equal(1_843_456, new CpcBackbone(new BackboneOptions { Name = BackboneFactory.Cpc, Dim = 256, Depth = 1 }).ParameterCount);

    [Fact]
    public void ItFitsShortCropsAndRefusesOtherEncoders()
    {
        (CpcOptions fitted, List<string> notes) = WaveTrial.Fit(new CpcOptions(), WaveTrial.Cpc, 0.1);
        Assert.Equal((5, 9), (fitted.Steps, fitted.NegativeCount));
        Assert.Equal(2, notes.Count);
        Assert.StartsWith("method.steps: 12 cannot work", WaveTrial.Refusal(new CpcOptions(), WaveTrial.Cpc, 0.1, "method.steps"), StringComparison.Ordinal);
        Assert.StartsWith("data.crop: 0.01 seconds make 1 states", WaveTrial.Refusal(new CpcOptions(), WaveTrial.Cpc, 0.01), StringComparison.Ordinal);
        Assert.Contains("CPC trains its own encoder", Assert.Throws<ConfigurationException>(() => new Cpc(BackboneFactory.Build(WaveTrial.Wav2Vec), Small)).Message, StringComparison.Ordinal);
    }

    private static Cpc Make(ulong seed = 1, string predictor = "linear", NegativeSource negatives = NegativeSource.Utterance) =>
        Trial.Start(backbone => new Cpc(backbone, Small with { Predictor = predictor, Negatives = negatives }), WaveTrial.Cpc, seed);
}
