using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// HuBERT's units: k-means over frames, of their MFCC before the first step, and of a layer's states where the second iteration
/// begins. Every frame of every recording gets the nearest one as its target.
/// </summary>
/// <param name="backbone">Gives the states.</param>
/// <param name="units">What is found; it outlives a resume.</param>
/// <param name="options">How many, where, when.</param>
internal sealed class UnitStage(Wav2Vec2Backbone backbone, FoundUnits units, HubertOptions options) : Stage
{
    private static readonly ulong Stream = Philox.Hash("units", "frames");

    public override string Name => "units";

    public override int SamplesPerTarget => backbone.Stride;

    public override IReadOnlyList<double> Shares => options.Iterations == 1 ? [0] : [0, options.SecondAt];

    public override int? MostItems => options.UnitItems;

    /// <summary>The layer, from 1, that the second iteration looks at.</summary>
    public int Layer { get; } = options.Layer ?? Math.Max(1, backbone.Options.Depth / 2);

    public override (Tensor Rows, int[] Counts) LookFrames(Batch batch, int round)
    {
        Tensor waves = batch.Views;
        int[] lengths = batch.Lengths ?? [.. Enumerable.Repeat(waves.Shape[1], batch.Size)];
        int[] counts = Array.ConvertAll(lengths, backbone.States);      // 0 of what is shorter than a state sees
        if (round == 0)
        {
            return (StateMfcc.Of(waves, lengths, counts, backbone.Stride), counts);
        }

        Wav2Vec2Encoder encoder = backbone.Encoder;
        Tensor projected = encoder.Project(encoder.Features(waves, lengths)).Projected;
        Tensor states = encoder.Context(projected, backbone.StateLengths(waves, lengths), depth: Layer);    // [N, T, D]
        return (counts.Sum() > 0 ? Ops.PackFrames(states, counts) : Tensor.Zeros(new Shape(1, states.Shape[2])), counts);
    }

    public override int[]? Fit(Tensor rows, int[] items, int count, StageContext context)
    {
        int found = rows.Shape[0], asked = options.Units[context.Round], wanted = HubertOptions.Fitting(asked, Math.Min(found, options.UnitFrames));
        if (wanted < asked)
        {
            context.Note($"method.units is {wanted} instead of {asked} in iteration {context.Round + 1} because they are found in {Math.Min(found, options.UnitFrames)} frames.");
        }

        Tensor sample = rows;
        if (found > options.UnitFrames)
        {
            int[] chosen = Philox.Permutation(found, context.Seed, Stream, context.Round)[..options.UnitFrames];
            Array.Sort(chosen);
            sample = Ops.Gather(rows, chosen);
        }

        var clusters = KMeans.Fit(sample, new KMeansOptions(wanted) { Iterations = options.KMeansIterations }, context.Seed, context.Round);
        units.Take(clusters, context);
        if (clusters.Empty > 0)
        {
            context.Note($"{clusters.Empty} of {wanted} units stayed empty: many frames are equal.");
        }

        return null;
    }

    public override int[] Assign(Tensor rows, int round) => KMeans.Assign(rows, units.Centroids(round));
}
