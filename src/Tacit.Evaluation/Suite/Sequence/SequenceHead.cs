using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>
/// A head that says something of each moment: weighted sum of layers, linear, recurrent layers where it has them, linear to the symbols.
/// [L, N, T, D] to [N, ⌈T / k⌉, V].
/// </summary>
/// <remarks>
/// Yang et al. 2021 (SUPERB), arXiv:2105.01051, section 3.2: none for phone recognition, two in both directions for speech recognition and slot
/// filling, one forward for diarisation.
/// </remarks>
internal sealed class SequenceHead : Module
{
    private readonly StateProjector projector;
    private readonly Lstm? recurrent;
    private readonly Linear classifier;
    private readonly float dropout;

    public SequenceHead(StateStore states, SequenceHeadSizes sizes, int symbols)
    {
        projector = Add("states", new StateProjector(states.Layers, states.Width, sizes.Stack, sizes.Projector));
        recurrent = sizes.Layers == 0 ? null : Add("lstm", new Lstm(sizes.Projector, sizes.Hidden, sizes.Layers, sizes.Bidirectional, sizes.Dropout));
        classifier = Add("linear", new Linear(recurrent?.Output ?? sizes.Projector, symbols));
        dropout = sizes.Dropout;
    }

    /// <summary>How much each layer weighs.</summary>
    public double[] Shares => projector.Shares;

    /// <summary>States that remain of so many.</summary>
    public int Remaining(int states) => projector.Remaining(states);

    /// <summary>The states that remain of each item, [N, T', V], and how many there are.</summary>
    public (Tensor Logits, int[] Lengths) Forward(Tensor states, int[] lengths)
    {
        int[] remaining = Array.ConvertAll(lengths, Remaining);
        Tensor x = projector.Forward(states);
        if (recurrent is not null)
        {
            x = recurrent.Forward(x, remaining);
            x = Training && dropout > 0 ? Ops.Dropout(x, dropout, Path + ".output") : x;
        }

        return (classifier.Forward(x), remaining);
    }
}

/// <summary>How large a <see cref="SequenceHead"/> is.</summary>
/// <param name="Projector">P, width that the sum of layers is brought to.</param>
/// <param name="Layers">Recurrent layers; 0 for a linear head.</param>
/// <param name="Hidden">H of each direction.</param>
/// <param name="Bidirectional">Whether they run in both directions.</param>
/// <param name="Stack">k, states that go together.</param>
/// <param name="Dropout">Behind each recurrent layer, in training.</param>
internal sealed record SequenceHeadSizes(int Projector, int Layers = 0, int Hidden = 0, bool Bidirectional = false, int Stack = 1, float Dropout = 0);
