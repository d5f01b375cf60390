using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>data2vec on recordings: from an utterance with hidden stretches predict what a slow teacher that hears all of it makes of them.</summary>
/// <remarks>Baevski et al. 2022, arXiv:2202.03555, sections 3 and 4.2; the squared error, as published for speech.</remarks>
public sealed class Data2VecAudio : Method
{
    private readonly Data2VecAudioOptions options;
    private readonly Wav2Vec2Backbone student;
    private readonly SpeechTeacher teacher;
    private readonly Linear regression;

    public Data2VecAudio(Backbone backbone, Data2VecAudioOptions options) : base(backbone)
    {
        this.options = options;
        student = SpeechEncoders.Waves(backbone, "data2vec-audio");
        regression = Add("regression", new Linear(backbone.Dim, backbone.Dim));
        teacher = Add("teacher", new SpeechTeacher(student.Encoder, options.Teacher));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "data2vec-audio",
            "bootstrapping",
            ["speech"],
            "Baevski, Hsu, Xu et al.: data2vec: A General Framework for Self-supervised Learning in Speech, Vision and Language, arXiv:2202.03555",
            2022,
            "Predict a slow teacher's states of hidden frames"),
        new Data2VecAudioOptions(),
        Data2VecAudioOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Data2VecAudio(backbone, (Data2VecAudioOptions)options))
    {
        // Published: Adam 5e-4 (0.9, 0.98), eps 1e-6, decay 0.01; 3 % of warm-up, 90 % at the peak, 7 % down.
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.Wav2Vec2,
            LongRun = new LongRun(10_000, "method.mask.length"),
            Model = Encoder,
            Optimizer = new OptimizerOptions { Name = "adam", Lr = 5e-4, Beta2 = 0.98, Epsilon = 1e-6, WeightDecay = 0.01 },
            ReferenceBatch = 8,
            BatchSize = 8,
            Schedule = new ScheduleOptions { Name = "tri-stage", Warmup = 0.03, Hold = 0.9, End = 0.01 },
        },
    };

    public override SoundPlan Sounds { get; } = new();

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        var frames = new UtteranceFrames(student, batch);
        Tensor features = student.Encoder.Features(frames.Waves, frames.Samples);       // [N, T, C]
        Tensor projected = student.Encoder.Project(features).Projected;                 // [N, T, D]
        RandomSequence random = Scope.NextRandom("mask", Path);
        bool[] hidden = options.Mask.Draw(frames.Lengths, features.Shape[1], ref random);
        int[] rows = [.. Enumerable.Range(0, hidden.Length).Where(i => hidden[i])];
        Tensor states = student.Encoder.Context(Frames.Replace(projected, hidden, student.Encoder.MaskEmbedding), frames.Shown);
        diagnostics.Report("masked_share", rows.Length / Math.Max(1.0, frames.Count));
        if (rows.Length == 0)
        {
            return Ops.Multiply(Ops.Mean(states), 0);       // no utterance of the batch has two frames
        }

        Tensor Pick(Tensor x) => Ops.Gather(x.Reshape(hidden.Length, x.Shape[2]), rows);
        Tensor seen = Pick(states);                                                     // [hidden, D]
        diagnostics.Embedding(seen);
        return teacher.Loss(regression.Forward(seen), Pick(teacher.Targets(features, frames.Shown)), diagnostics);
    }

    public override void AfterStep(long step, long steps) => teacher.Update(step, steps);

    /// <summary>Norms after every convolution, positions from a stack of five of 19 frames each, and a front that learns at full rate.</summary>
    internal static BackboneOptions Encoder(BackboneOptions model) => model with { FrontNorm = "layer", PositionDepth = 5, PositionKernel = 19, FrontGradient = 1 };
}
