using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;
using Tacit.Tests.Models.Speech;
using Xunit;

namespace Tacit.Tests.Methods.Bootstrapping;

public sealed class Data2VecAudioTests
{
    private static readonly Data2VecAudioOptions Options = new() { Mask = HiddenFrames.AllButOne, Teacher = new SpeechTeacherOptions { TargetLayers = 2 } };

    /// <summary>Encoder, targets and error put together from torch's functions, each recording by itself.</summary>
    [Fact]
    public void LossAndGradientsAreTorchs()
    {
        OrderedDictionary<string, Tensor> expected = Oracle.Read("speech-hidden.safetensors").Tensors;
        Assert.Equal(expected["seen"].ToArray(), Array.ConvertAll(HiddenFrames.Seen(), seen => (float)seen));
        Data2VecAudio method = Filled(Make(Options));
        Diagnostics found = HiddenFrames.AssertLoss(method, HiddenFrames.Batch(), expected, "data2vec", ("regression.weight", "weight_gradient"));
        Assert.Equal(expected["data2vec.target_deviation"].ToScalar(), found["target_deviation"]!.Value, 1e-5);
        Assert.Equal(0, found["teacher_distance"]!.Value);
        Assert.Equal(18.0 / 20, found["masked_share"]!.Value, 1e-12);
    }

    /// <summary>A student that says nothing pays the targets' mean square times √D, which is 1 over all frames of a recording, and near it over all but one; its predictions do not spread.</summary>
    [Fact]
    public void AStudentThatSaysNothingPaysTheTargets()
    {
        Data2VecAudio method = Filled(Make(Options with { Teacher = Options.Teacher with { TargetLayers = 1 } }));
        Trial.Silence(method, "regression");
        var (loss, found) = Trial.Look(method, HiddenFrames.Batch());
        Assert.Equal(0, found["prediction_deviation"]);
        Assert.InRange(loss / Math.Sqrt(12), 0.8, 20.0 / 18);
    }

    /// <summary>Only the transformer's teacher speaks: another front or projection of the twin changes nothing.</summary>
    [Fact]
    public void TheTeachersOwnFrontSaysNothing()
    {
        Data2VecAudio method = Make(Options);
        double before = Trial.Look(method, HiddenFrames.Batch()).Loss;
        Trial.Silence(method, "teacher.average.twin.feature");
        Assert.Equal(before, Trial.Look(method, HiddenFrames.Batch()).Loss);
        Trial.Silence(method, "teacher.average.twin.encoder.layers.2.feed_forward");
        Assert.NotEqual(before, Trial.Look(method, HiddenFrames.Batch()).Loss);
    }

    /// <summary>The teacher drops nothing, whatever the student drops.</summary>
    [Fact]
    public void TargetsAreTheSameWhateverIsDropped()
    {
        Data2VecAudio plain = Make(Options), dropping = Trial.Start(b => new Data2VecAudio(b, Options), HiddenFrames.Layer with { Dropout = 0.5f });
        dropping.Load(plain.StateDict());
        Assert.Equal(Trial.Look(plain, HiddenFrames.Batch()).Found["target_deviation"], Trial.Look(dropping, HiddenFrames.Batch()).Found["target_deviation"]);
        Assert.NotEqual(Trial.Look(plain, HiddenFrames.Batch()).Loss, Trial.Look(dropping, HiddenFrames.Batch()).Loss);
    }

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(Options with { Teacher = Options.Teacher with { Momentum = 1, FinalMomentum = 1 } }), HiddenFrames.Batch(), still: true);
        Assert.True(losses[^1] < 0.8 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void TheTeacherBeginsEqualAndFollows() => Trial.TeacherFollows(Make(Options), HiddenFrames.Batch(), "teacher.average.twin.", "backbone.", 0.99);

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(Options, seed), HiddenFrames.Batch());

    [Fact]
    public void TheMomentumRisesAlongALineAndStays()
    {
        var options = new SpeechTeacherOptions { Momentum = 0.9, FinalMomentum = 0.98, MomentumRise = 0.5 };
        Assert.Equal(0.9, options.MomentumAt(1, 100), 1e-12);
        Assert.Equal(0.94, options.MomentumAt(26, 100), 1e-12);
        Assert.Equal(0.98, options.MomentumAt(51, 100), 1e-12);
        Assert.Equal(0.98, options.MomentumAt(100, 100), 1e-12);
    }

    [Fact]
    public void WhatCannotWorkIsRefusedAndDefaultsAdapt()
    {
        Assert.Contains("data2vec-audio works with wav2vec2", Assert.Throws<ConfigurationException>(() => Trial.Start(b => new Data2VecAudio(b, Options), Trial.SmallResNet)).Message, StringComparison.Ordinal);
        Assert.Contains("train.batch-size", Assert.Throws<ConfigurationException>(() => Options.FitTo(HiddenFrames.Fit(batch: 1))).Message, StringComparison.Ordinal);
        Assert.Contains("3 layers", Assert.Throws<ConfigurationException>(() => new Data2VecAudioOptions().FitTo(HiddenFrames.Fit(given: "method.target-layers"))).Message, StringComparison.Ordinal);
        var notes = new List<string>();
        var fitted = (Data2VecAudioOptions)new Data2VecAudioOptions().FitTo(HiddenFrames.Fit(seconds: 0.3, notes: notes));
        Assert.Equal(3, fitted.Teacher.TargetLayers);
        Assert.Equal(3, fitted.Mask.Length);        // 14 states
        Assert.Equal(2, notes.Count);
    }

    private static Data2VecAudio Make(Data2VecAudioOptions options, ulong seed = 1) => Trial.Start(b => new Data2VecAudio(b, options), HiddenFrames.Layer, seed);

    private static Data2VecAudio Filled(Data2VecAudio method)
    {
        HiddenFrames.FillWithTwin(method, "teacher.average.twin.");
        HiddenFrames.Fill(method, 600, "regression.weight", "regression.bias");
        return method;
    }
}
