using Tacit.Data;
using Tacit.Data.Features;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Tests.Models.Speech;
using Tacit.Tests.Training;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Methods.Predictive;

public sealed class HubertTests : IDisposable
{
    private const int Units = 7;

    private static readonly HubertOptions Options = new() { Units = [Units, Units], FinalDim = 4, Mask = HiddenFrames.AllButOne };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>torchaudio's HuBERT, each recording by itself: encoder, logits over units, both entropies, the penalty, and all gradients.</summary>
    [Fact]
    public void LossAndGradientsAreTorchaudios()
    {
        OrderedDictionary<string, Tensor> expected = Oracle.Read("speech-hidden.safetensors").Tensors;
        Assert.Equal(expected["seen"].ToArray(), Array.ConvertAll(HiddenFrames.Seen(), seen => (float)seen));
        Hubert method = Told(Make(Options with { Iterations = 1, UnmaskedWeight = 0.5f }));
        SpeechOracle.Fill(method.Backbone);
        HiddenFrames.Fill(method, 500, "head1.final_proj.weight", "head1.final_proj.bias", "head1.label_embs_concat");
        Diagnostics found = HiddenFrames.AssertLoss(
            method, Targeted(), expected, "hubert",
            ("backbone.masked_spec_embed", "mask_gradient"), ("head1.final_proj.weight", "weight_gradient"), ("head1.final_proj.bias", "bias_gradient"), ("head1.label_embs_concat", "embeddings_gradient"));
        Assert.Equal(expected["hubert.accuracy"].ToScalar(), found["masked_accuracy"]!.Value, 1e-6);
        Assert.Equal(18.0 / 20, found["masked_share"]!.Value, 1e-12);
    }

    /// <summary>Equal vectors for all units: whatever the states, each is as likely as the others.</summary>
    [Fact]
    public void UnitsThatAreAlikeCostTheLogarithmOfTheirNumber()
    {
        Hubert method = Told(Make(Options with { PenaltyWeight = 0 }));
        method.StateDict()["head1.label_embs_concat"].Span.Fill(0.5f);
        Assert.Equal(Math.Log(Units), Trial.Look(method, Targeted()).Loss, 1e-5);
        Assert.Equal(Math.Log(Units), method.ChanceLoss(2)!.Value, 1e-12);

        // Units that were not found are no answers.
        method.StateDict()["units.used"].Span[0] = 5;
        Assert.Equal(Math.Log(5), Trial.Look(method, Targeted(5)).Loss, 1e-5);
    }

    [Fact]
    public void UnitsAreLearned()
    {
        Hubert method = Told(Make(Options with { PenaltyWeight = 0 }));
        double[] losses = Trial.Steps(method, Targeted(), optimizer: Trial.Adam(0.003), still: true);
        Assert.True(losses[^1] < 0.7 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Told(Make(Options, seed)), Targeted());

    /// <summary>The published model of 504 classes: 94,697,600 parameters; large 316,609,408 (its head has 768 numbers).</summary>
    [Theory]
    [InlineData("base", 94_697_600)]
    [InlineData("large", 316_609_408)]
    public void PublishedSizesHaveThePublishedNumberOfParameters(string size, long expected)
    {
        BackboneOptions model = Wav2Vec2Backbone.FromEncoder(size == "base" ? Wav2Vec2Options.Base : Wav2Vec2Options.HubertLarge);
        Assert.Equal(expected, new Hubert(BackboneFactory.Build(model), new HubertOptions { Iterations = 1, Units = [504] }).ParameterCount);
    }

    /// <summary>Half of a second of one tone, half of another: two units, one for each, and state t gets the MFCC of frame 2t.</summary>
    [Fact]
    public void StatesOfTwoTonesFallIntoTwoUnits()
    {
        var wave = new float[16000];
        for (int i = 0; i < wave.Length; i++)
        {
            wave[i] = (float)Math.Sin(i * (i < 8000 ? 0.1 : 0.7));
        }

        Batch batch = Whole(wave);
        Hubert method = Make(Options with { Units = [2, 2] });
        using Scope scope = Scope.NoGradient();
        (Tensor rows, int[] counts) = method.Stage.LookFrames(batch, 0);
        Assert.Equal([49, 0], counts);
        Assert.Equal(new Shape(49, 39), rows.Shape);
        float[] mfcc = WithDeltas.HubertMfcc().Compute(wave);
        Assert.Equal(mfcc[(20 * 39)..(21 * 39)], rows.Rows(10, 1).ToArray());

        Assert.Null(method.Stage.Fit(rows, [0, 1], 2, new StageContext(3, 0, _ => { })));
        int[] units = method.Stage.Assign(rows, 0);
        Assert.Single(units[..24].Distinct());
        Assert.Single(units[25..].Distinct());
        Assert.NotEqual(units[0], units[48]);
    }

    /// <summary>The second pass looks at the middle layer, not at MFCC, and few frames make few units.</summary>
    [Fact]
    public void TheSecondPassLooksAtTheMiddleLayer()
    {
        Hubert method = Make(Options with { Units = [2, 7] });
        method.Eval();
        Batch batch = HiddenFrames.Batch();
        using Scope scope = Scope.NoGradient();
        (Tensor rows, int[] counts) = method.Stage.LookFrames(batch, 1);
        Assert.Equal([12, 8], counts);
        Tensor states = ((SequenceBackbone)method.Backbone).Hidden(batch.Views, batch.Lengths, ["block1"])[0];
        Assert.Equal(states.ToArray()[..(12 * 12)], rows.ToArray()[..(12 * 12)]);
        Assert.Equal(states.Rows(1, 1).ToArray()[..(8 * 12)], rows.ToArray()[(12 * 12)..]);

        var notes = new List<string>();
        method.Stage.Fit(rows, [0, 1], 2, new StageContext(3, 1, notes.Add));
        Assert.Equal("method.units is 2 instead of 7 in iteration 2 because they are found in 20 frames.", Assert.Single(notes));
        Assert.InRange(method.Stage.Assign(rows, 1).Max(), 0, 1);
        Assert.Equal(Math.Log(2), method.ChanceLoss(2)!.Value, 1e-12);
    }

    /// <summary>Seven steps with the second pass before the fourth (index 3): stopped before it, at it and behind it, the run ends with the same bytes.</summary>
    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(5, true)]
    public void ARunStoppedAroundTheSecondPassEndsWithTheSameBytes(int stopAt, bool restart)
    {
        using SoundDataset data = TinySounds.Open();
        RunConfig config = ConfigBinder.Bind(
            "hubert", null,
            [
                "model.dim=16", "model.depth=2", "model.heads=2", "model.conv-dim=8", "model.position-kernel=8", "model.position-groups=4", "method.second-at=0.5",
                $"method.restart={restart}", "data.crop=0.6", "train.batch-size=8", "train.steps=6", "log.every=1", "checkpoint.every=3", "monitor.every=6", "monitor.items=8", "monitor.knn-k=3",
            ], data);
        byte[] Encoder(string name) => File.ReadAllBytes(Path.Combine(folder[name], "encoder.safetensors"));
        Trainer.Run(config, data, folder["whole"], false, new Recorder());
        using var stop = new CancellationTokenSource();
        Trainer.Run(config, data, folder["parts"], false, new Recorder(e => CatalogueTests.StopAt(e, stopAt, stop)), stop.Token);
        Assert.False(File.Exists(Path.Combine(folder["parts"], "encoder.safetensors")));
        Trainer.Run(config, data, folder["parts"], true, new Recorder());
        Assert.Equal(Encoder("whole"), Encoder("parts"));
    }

    /// <summary>With method.restart the encoder's values before the step after the second pass are new ones, of the seed alone.</summary>
    [Fact]
    public void ARestartGivesTheEncoderOtherStartingValues()
    {
        Hubert method = Make(Options with { Restart = true });
        float[] before = method.Backbone.StateDict()["masked_spec_embed"].ToArray();
        using (Scope scope = Scope.NoGradient())
        {
            foreach (int round in new[] { 0, 1 })
            {
                (Tensor rows, _) = method.Stage.LookFrames(HiddenFrames.Batch(), round);
                method.Stage.Fit(rows, [0, 1], 2, new StageContext(3, round, _ => { }));
                Assert.Equal(before, method.Backbone.StateDict()["masked_spec_embed"].ToArray());
                method.BeforeStep(round, 2);
                Assert.Equal(round == 0, before.SequenceEqual(method.Backbone.StateDict()["masked_spec_embed"].ToArray()));
            }
        }
    }

    [Fact]
    public void WhatCannotWorkIsRefusedAndDefaultsAdapt()
    {
        Assert.Contains("hubert works with wav2vec2, not with resnet18", Assert.Throws<ConfigurationException>(() => Trial.Start(b => new Hubert(b, Options), Trial.SmallResNet)).Message, StringComparison.Ordinal);
        Assert.Contains("hubert works with wav2vec2", Refusal(Options, Trial.SmallResNet), StringComparison.Ordinal);
        Assert.Contains("method.layer: 9", Refusal(Options with { Layer = 9 }, given: "method.layer"), StringComparison.Ordinal);
        Assert.Contains("method.units: 500000", Refusal(Options with { Units = [500_000, 2] }, given: "method.units"), StringComparison.Ordinal);
        Assert.Contains("data.crop", Refusal(Options, seconds: 0.03), StringComparison.Ordinal);
        Assert.Contains("2 iterations need 2", Assert.Throws<ConfigurationException>((Options with { Units = [3] }).Validate).Message, StringComparison.Ordinal);
        var notes = new List<string>();
        var fitted = (HubertOptions)new HubertOptions().FitTo(HiddenFrames.Fit(notes: notes));
        Assert.Equal([60, 60], fitted.Units);       // 6 recordings of 2 seconds: 600 frames
        Assert.Equal(10, fitted.Mask.Length);
        Assert.Equal(2, notes.Count);
    }

    [Fact]
    public void ABatchWithoutUnitsIsRefused() =>
        Assert.Contains("has not run", Assert.Throws<TacitException>(() => Trial.Look(Told(Make(Options)), HiddenFrames.Batch())).Message, StringComparison.Ordinal);

    private static Hubert Make(HubertOptions options, ulong seed = 1) => Trial.Start(b => new Hubert(b, options), HiddenFrames.Group, seed);

    /// <summary>As after the first pass.</summary>
    private static Hubert Told(Hubert method)
    {
        method.StateDict()["units.used"].Span[0] = Units;
        method.StateDict()["units.iteration"].Span[0] = 0;
        return method;
    }

    private static Batch Targeted(int units = Units) =>
        HiddenFrames.Batch() with { FrameTargets = [.. HiddenFrames.Counts.Select((count, n) => Enumerable.Range(0, count).Select(t => ((5 * t) + (3 * n)) % units).ToArray())] };

    private static Batch Whole(float[] wave)
    {
        Tensor views = Tensor.Zeros(new Shape(2, wave.Length));
        wave.CopyTo(views.Span);
        return new Batch(views.ToLasting(), 1, [0, 1], null) { Lengths = [wave.Length, 200], Starts = [0, 0] };     // the second is shorter than a state sees
    }

    private static string Refusal(HubertOptions options, BackboneOptions? model = null, double seconds = 2, params string[] given) =>
        Assert.Throws<ConfigurationException>(() => options.FitTo(HiddenFrames.Fit(seconds: seconds, model: model, given: given))).Message;
}
