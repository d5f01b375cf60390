using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>An encoder of sequences with a linear map of each of its states to symbols, <c>lm_head</c> as published models call it.</summary>
internal sealed class CtcNetwork : Module
{
    private readonly string layer;
    private readonly Learners learners;

    /// <param name="backbone">With its values.</param>
    /// <param name="layer">Whose states the head sees.</param>
    /// <param name="symbols">V, the blank included.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="seed">Of the head's starting values.</param>
    /// <exception cref="ConfigurationException">The encoder gives one vector a recording, not one a moment.</exception>
    public CtcNetwork(Backbone backbone, string layer, int symbols, FineTuneOptions options, ulong seed)
    {
        this.layer = layer;
        Sequences = Add("backbone", backbone as SequenceBackbone
            ?? throw new ConfigurationException($"--task ctc needs a state for each moment, which {backbone.Options.Name} does not have; encoders of sequences do, such as wav2vec2, cpc, gru or fbank-transformer."));
        Head = Add("lm_head", new Linear(backbone.Width(layer), symbols, weightInitializer: Initializers.Normal(0.02f), biasInitializer: Initializers.Zeros));
        Initialize(seed);
        learners = new Learners(this, backbone, Head, options, options.BatchSize);
    }

    public SequenceBackbone Sequences { get; }

    public Linear Head { get; }

    /// <summary>Who learns.</summary>
    public Learners Learners => learners;

    /// <summary>CTC's loss of a batch.</summary>
    /// <param name="batch">Whole recordings.</param>
    /// <param name="targets">Symbols of each.</param>
    public Tensor Loss(Batch batch, int[][] targets) =>
        Ops.CtcLoss(Logits(batch), Sequences.StateLengths(batch.Views, batch.Lengths), targets, zeroInfinity: true);

    /// <summary>The symbols of each item, read greedily, in the order given; null for one that cannot be decoded.</summary>
    public int[]?[] Read(CtcItems asked, InputFormat input, Action<int, int>? progress = null, CancellationToken stop = default)
    {
        Eval();
        var read = new Dictionary<int, int[]>();
        foreach (Batch batch in input.Batches(asked.Sounds, 32, asked.Items))
        {
            stop.ThrowIfCancellationRequested();
            using (Scope.NoGradient())
            {
                int[][] spelled = CtcDecoder.Greedy(Logits(batch), Sequences.StateLengths(batch.Views, batch.Lengths));
                for (int n = 0; n < batch.Size; n++)
                {
                    read[batch.Items[n]] = spelled[n];
                }
            }

            progress?.Invoke(read.Count, asked.Count);
        }

        return [.. asked.Items.Select(item => read.GetValueOrDefault(item))];
    }

    /// <summary>[N, T', V]</summary>
    private Tensor Logits(Batch batch) => Head.Forward(Sequences.Hidden(batch.Views, batch.Lengths, [layer])[0]);
}
