using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Temporal gap: two pieces of one recording; how far apart are they?</summary>
/// <remarks>
/// Tagliasacchi, Gfeller, Quitry and Roblek 2019, arXiv:1905.11796, section 3.3, who tell the gap as a number; here it is one of some
/// classes, each a range of gaps, so that chance is known. Within its range a gap is drawn.
/// </remarks>
public sealed class TemporalGap : Method
{
    private readonly TemporalGapOptions options;
    private readonly Mlp head;
    private readonly string[] names;

    public TemporalGap(Backbone backbone, TemporalGapOptions options) : base(backbone)
    {
        this.options = options;
        head = Add("head", new Mlp(2 * backbone.Dim, Heads.Blocks([options.Hidden, options.Classes], Norm.Batch, Norm.None)));
        names = [.. Enumerable.Range(0, options.Classes).Select(c => $"accuracy_gap_{options.Range(c).Least * 10}ms")];
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "temporal-gap",
            "predictive",
            ["speech"],
            "Tagliasacchi, Gfeller, Quitry and Roblek: Self-supervised audio representation learning for mobile devices, arXiv:1905.11796",
            2019,
            "Tell how far two pieces of a recording are apart"),
        new TemporalGapOptions(),
        TemporalGapOptions.Table.As<MethodOptions>(),
        (backbone, options) => new TemporalGap(backbone, (TemporalGapOptions)options))
    {
        Setup = PieceSetup.LogMel with { CropSeconds = 4 },
    };

    public override SoundPlan Sounds { get; } = new(1);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor views = batch.View(0);
        int[] lengths = FrameRows.Lengths(batch);
        RandomSequence random = Scope.NextRandom("pieces", Path);
        var pairs = new List<PiecePair>();
        var classes = new List<int>();
        for (int item = 0; item < batch.Size; item++)
        {
            // One of the classes that the item holds wholly.
            int held = Enumerable.Range(0, options.Classes).Count(c => PiecePairs.Needs(options.Piece, options.Range(c).Most) <= lengths[item]);
            if (held > 0)
            {
                int chosen = random.NextInt(held);
                (int least, int most) = options.Range(chosen);
                pairs.Add(PiecePairs.Draw(item, lengths[item], options.Piece, least, most, ref random)!.Value);
                classes.Add(chosen);
            }
        }

        if (pairs.Count == 0)
        {
            return PieceSetup.NothingToTell(Backbone, views, options.Piece);
        }

        Tensor features = Backbone.Forward(PiecePairs.Cut(views, pairs, options.Piece));                    // [2M, D]
        Tensor logits = head.Forward(Ops.Concat(1, features.Rows(0, pairs.Count), features.Rows(pairs.Count, pairs.Count)));      // [M, classes]
        ClassReport.Report(diagnostics, logits, [.. classes], names);
        return Ops.CrossEntropy(logits, [.. classes]);
    }

    public override double? ChanceLoss(int batchSize) => Math.Log(options.Classes);
}
