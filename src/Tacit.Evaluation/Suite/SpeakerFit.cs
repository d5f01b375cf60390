using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>An <see cref="XVector"/> that learns to tell the speakers of some sets, a second of a recording at a time.</summary>
internal sealed class SpeakerFit
{
    private const int UsualSteps = 600, UsualBatch = 32;
    private const double CropSeconds = 1;

    private static readonly ulong Crops = Philox.Hash("speaker crops");

    private readonly SuiteContext context;
    private readonly (Voices Voices, int Position, int Class)[] items;
    private readonly XVector network;
    private readonly Head head;
    private readonly int crop;

    public SpeakerFit(SuiteContext context, IReadOnlyList<Voices> sets)
    {
        this.context = context;
        StateStore store = sets[0].Store;
        crop = Math.Max(XVector.Fewest, (int)(CropSeconds * store.StateRate));

        // A recording of many seconds comes as often as it has seconds.
        items = [.. sets.SelectMany((v, s) => Enumerable.Range(0, v.Items.Length)
            .SelectMany(i => Enumerable.Repeat((v, i, Class: (Set: s, Speaker: v.Speakers[i])), Math.Max(1, v.Store.Frames(v.Items[i]) / crop))))
            .GroupBy(x => x.Class).SelectMany((own, k) => own.Select(x => (x.v, x.i, k)))];
        XVectorSizes sizes = XVectorSizes.Of(context.Options);
        network = new XVector(store.Layers, store.Width, sizes);
        head = new Head(network, new AmSoftmax(sizes.Embedding, items.Max(i => i.Class) + 1));
        head.Initialize(context.Options.Seed, "head");
    }

    /// <summary>Steps of the final training.</summary>
    public int Steps => context.Options.Steps ?? UsualSteps;

    /// <summary>How much each layer weighs.</summary>
    public double[] Shares => network.Shares;

    public void Learn(double rate, int steps)
    {
        SuiteOptions options = context.Options;
        var fit = new FitOptions { Steps = steps, BatchSize = options.BatchSize ?? UsualBatch, Seed = options.Seed };
        fit = fit with { Optimizer = fit.Optimizer with { Lr = rate }, Schedule = new ScheduleOptions { Name = "cosine" } };
        var learning = new SupervisedFit(ParameterGroup.Of(head, fit.Optimizer), fit);
        head.Train();
        while (!learning.Finished)
        {
            context.Stop.ThrowIfCancellationRequested();
            context.Progress?.Invoke($"{context.Upstream.Name}: learning to tell speakers at {rate:R}", (int)learning.Done, steps);
            int[] batch = learning.Next(items.Length);
            learning.Step(() => head.Loss(Batch(batch, learning.Done), Array.ConvertAll(batch, i => items[i].Class)));
        }

        head.Eval();
    }

    /// <summary>The vector of each recording, as a whole.</summary>
    public float[][] Embed(Voices voices)
    {
        float[][] embeddings = new float[voices.Items.Length][];
        foreach (IGrouping<int, int> alike in Enumerable.Range(0, embeddings.Length).GroupBy(i => voices.Store.Frames(voices.Items[i])))
        {
            foreach (int[] some in alike.Chunk(UsualBatch))
            {
                context.Stop.ThrowIfCancellationRequested();
                using Scope scope = Scope.NoGradient();
                Tensor found = network.Forward(Longer(voices.Store.Batch([.. some.Select(i => voices.Items[i])]).States, XVector.Fewest));
                for (int i = 0; i < some.Length; i++)
                {
                    embeddings[some[i]] = found.Rows(i, 1).ToArray();
                }
            }
        }

        return embeddings;
    }

    /// <summary>A crop of each recording, its place drawn: [L, N, crop, D]; the sets' recordings side by side.</summary>
    private Tensor Batch(int[] batch, long step)
    {
        Tensor states = Tensor.Zeros(new Shape(items[0].Voices.Store.Layers, batch.Length, crop, items[0].Voices.Store.Width));
        int row = crop * states.Shape[3];
        foreach (IGrouping<StateStore, int> own in Enumerable.Range(0, batch.Length).GroupBy(n => items[batch[n]].Voices.Store))
        {
            int[] places = [.. own];
            int[] chosen = Array.ConvertAll(places, n => items[batch[n]].Voices.Items[items[batch[n]].Position]);
            (int, int)[] parts = [.. places.Select((n, i) => (new RandomSequence(context.Options.Seed, Philox.Mix(Crops, (ulong)batch[n]), step).NextInt(Math.Max(1, own.Key.Frames(chosen[i]) - crop + 1)), crop))];
            Tensor read = Longer(own.Key.Batch(chosen, parts).States, crop);
            for (int l = 0; l < states.Shape[0]; l++)
            {
                for (int i = 0; i < places.Length; i++)
                {
                    read.Span.Slice(((l * places.Length) + i) * row, row).CopyTo(states.Span.Slice(((l * batch.Length) + places[i]) * row, row));
                }
            }
        }

        return states;
    }

    /// <summary>With zeros behind, where there are fewer states than that.</summary>
    private static Tensor Longer(Tensor states, int least) => states.Shape[2] < least ? Ops.Pad(states, 2, 0, least - states.Shape[2]) : states;

    private sealed class Head : Module
    {
        private readonly XVector network;
        private readonly AmSoftmax softmax;

        public Head(XVector network, AmSoftmax softmax) => (this.network, this.softmax) = (Add("xvector", network), Add("am", softmax));

        public Tensor Loss(Tensor states, int[] targets) => softmax.Loss(network.Forward(states), targets);
    }
}
