using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// Each context predicts frames to come, one linear map a step, and must tell each from negatives: what CPC, wav2vec and vq-wav2vec
/// share. Step k of K predicts the frame (first + k) after the context's own.
/// </summary>
/// <param name="first">Frames from a context to the first that it predicts.</param>
/// <param name="steps">K</param>
/// <param name="count">S, negatives of a frame.</param>
/// <param name="source">Where they come from.</param>
internal sealed class FutureContrast(int first, int steps, int count, NegativeSource source)
{
    /// <summary>Scores of the frame itself and of its negatives, q·k · scale: [M, 1 + S], a row for each context and step whose frame is there; null where there is none.</summary>
    /// <param name="predictions">[R · K, D]: those of one context together.</param>
    /// <param name="keys">[R, D], the frames.</param>
    /// <param name="frames">Where they are.</param>
    /// <param name="speakers">Who speaks in each utterance.</param>
    /// <param name="scale">1/D for the mean of a product's dimensions, 1 for the product.</param>
    /// <param name="path">Whose random numbers the negatives are.</param>
    /// <param name="diagnostics">Takes accuracies, that of the last step as <c>accuracy_last_step</c>, and how hard negatives are.</param>
    public Tensor? Scores(Tensor predictions, Tensor keys, UtteranceFrames frames, int[]? speakers, float scale, string path, Diagnostics diagnostics)
    {
        RandomSequence random = Scope.NextRandom("negatives", path);
        int[] lists = NegativeSampler.Draw(NegativeSampler.Groups(source, frames.Utterances, speakers), count, ref random);
        List<int> asked = [], of = [];
        foreach (int frame in NegativeSampler.Contrasted(lists, count))
        {
            for (int k = 0; k < steps && frames.Indices[frame] >= first + k; k++)
            {
                asked.Add(((frame - first - k) * steps) + k);
                of.Add(frame);
            }
        }

        if (asked.Count == 0)
        {
            return null;
        }

        Tensor queries = Ops.Gather(predictions, [.. asked]);
        int[] own = [.. of];
        Tensor scores = Ops.SampledProducts(queries, keys, lists, 1 + count, own);
        SampledContrast.Report(diagnostics, scores, queries, keys, lists, own);
        int[] last = [.. Enumerable.Range(0, own.Length).Where(i => asked[i] % steps == steps - 1)];
        if (diagnostics.Detailed && last.Length > 0)
        {
            diagnostics.Report("accuracy_last_step", SampledContrast.Accuracy(Ops.Gather(scores.Detach(), last)));
        }

        return scale == 1 ? scores : Ops.Multiply(scores, scale);
    }
}

/// <summary>K linear maps with one bias, or none: [R, D] to [R · K, D'], the predictions of one context together.</summary>
internal sealed class StepPredictors : Layer
{
    private readonly Linear maps;
    private readonly Tensor? bias;
    private readonly int steps;

    public StepPredictors(int input, int output, int steps, bool bias)
    {
        this.steps = steps;
        maps = Add("maps", new Linear(input, steps * output, bias: false));
        this.bias = bias ? AddParameter("bias", new Shape(output), Initializers.Bias(input)) : null;
    }

    public override Tensor Forward(Tensor x)
    {
        Tensor y = maps.Forward(x).Reshape(x.Shape[0] * steps, -1);
        return bias is null ? y : Ops.Add(y, bias);
    }
}
