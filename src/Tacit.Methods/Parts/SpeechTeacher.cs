using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// data2vec's teacher of recordings: a moving average of the transformer and its positions that sees all frames. The convolutional
/// front and the projection are the student's own.
/// </summary>
/// <remarks>
/// Baevski et al. 2022, arXiv:2202.03555, section 3.2: the mean over the top layers of what their feed-forward networks give, before
/// it is added, each normalised over an utterance's time. The twin holds a front that nothing looks at.
/// </remarks>
internal sealed class SpeechTeacher : Module
{
    private readonly Wav2Vec2Encoder student;
    private readonly Teacher<Wav2Vec2Encoder> average;
    private readonly SpeechTeacherOptions options;

    public SpeechTeacher(Wav2Vec2Encoder student, SpeechTeacherOptions options)
    {
        (this.student, this.options) = (student, options);
        Wav2Vec2Options still = student.Config with { Dropout = 0, AttentionDropout = 0, ActivationDropout = 0, InputDropout = 0, LayerDrop = 0 };
        average = Add("average", new Teacher<Wav2Vec2Encoder>(student, new Wav2Vec2Encoder(still)));
    }

    /// <summary>What is told of each frame, [N, T, D], without history.</summary>
    /// <param name="features">The student's front, [N, T, C].</param>
    /// <param name="shown">Frames of each utterance.</param>
    public Tensor Targets(Tensor features, int[] shown)
    {
        using Scope scope = Scope.NoGradient();
        bool training = student.Training;
        student.Eval();
        Tensor projected = student.Project(features).Projected;
        if (training)
        {
            student.Train();
        }

        var branches = new List<Tensor>();
        _ = average.Twin.Context(projected, shown, branches: branches);
        Tensor sum = branches[^options.TargetLayers..].Select(branch => Ops.GroupNorm(branch, branch.Shape.Last, null, null, lengths: shown)).Aggregate(Ops.Add);
        return scope.Keep(Ops.Divide(sum, options.TargetLayers));
    }

    public void Update(long step, long steps) => average.Update(options.MomentumAt(step, steps));

    /// <summary>The loss of predictions [M, D]: the mean over frames of Σ e² / √D, and how predictions and targets spread.</summary>
    public Tensor Loss(Tensor predictions, Tensor targets, Diagnostics diagnostics)
    {
        Methods.Targets.Report(diagnostics, targets, predictions);
        average.Report(diagnostics);
        return Ops.Multiply(Ops.Mean(Ops.Square(Ops.Subtract(predictions, targets))), MathF.Sqrt(predictions.Shape[1]));
    }
}
