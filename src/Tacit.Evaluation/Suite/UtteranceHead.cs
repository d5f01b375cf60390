using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// The benchmark's head for whole recordings: weighted sum of layers, linear to the projector's width, mean over time, linear to the classes.
/// All of it is linear in the states, so the mean over time is taken first and the head sees one vector a layer and recording.
/// </summary>
/// <remarks>Yang et al. 2021 (SUPERB), arXiv:2105.01051, section 3.2: keyword spotting, speaker identification, intent, emotion.</remarks>
internal sealed class UtteranceHead : Module
{
    private readonly LayerSum sum;
    private readonly Linear projector, classifier;
    private readonly IReadOnlyList<int> classes;

    /// <param name="layers">L</param>
    /// <param name="width">D</param>
    /// <param name="projector">Width between the two linear layers.</param>
    /// <param name="classes">K of each question; a recording has one answer to each.</param>
    public UtteranceHead(int layers, int width, int projector, IReadOnlyList<int> classes)
    {
        this.classes = classes;
        sum = Add("featurizer", new LayerSum(layers));
        this.projector = Add("projector", new Linear(width, projector));
        classifier = Add("linear", new Linear(projector, classes.Sum()));
    }

    /// <summary>How much each layer weighs.</summary>
    public double[] Shares => sum.Shares();

    /// <summary>Means over time [L, N, D] to logits, [N, K] a question.</summary>
    public Tensor[] Forward(Tensor means)
    {
        Tensor all = classifier.Forward(projector.Forward(sum.Forward(means)));
        int first = 0;
        var logits = new Tensor[classes.Count];
        for (int q = 0; q < logits.Length; q++)
        {
            logits[q] = classes.Count == 1 ? all : Ops.Slice(all, 1, first, classes[q]);
            first += classes[q];
        }

        return logits;
    }
}
