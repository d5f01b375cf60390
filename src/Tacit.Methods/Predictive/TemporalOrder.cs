using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Temporal order: two pieces of one recording; which came first?</summary>
/// <remarks>
/// Misra, Zitnick and Hebert 2016, arXiv:1603.08561, ask it of pictures of a film; Carr et al. 2021, arXiv:2103.09879, of pieces of sound. One
/// call of the encoder sees all pieces, so that statistics of a batch tell nothing.
/// </remarks>
public sealed class TemporalOrder : Method
{
    private const int Answers = 2;

    private readonly TemporalOrderOptions options;
    private readonly Mlp head;

    public TemporalOrder(Backbone backbone, TemporalOrderOptions options) : base(backbone)
    {
        this.options = options;
        head = Add("head", new Mlp(2 * backbone.Dim, Heads.Blocks([options.Hidden, Answers], Norm.Batch, Norm.None)));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "temporal-order",
            "predictive",
            ["speech"],
            "Misra, Zitnick and Hebert: Shuffle and Learn: Unsupervised Learning using Temporal Order Verification, arXiv:1603.08561",
            2016,
            "Tell which of two pieces of a recording came first"),
        new TemporalOrderOptions(),
        TemporalOrderOptions.Table.As<MethodOptions>(),
        (backbone, options) => new TemporalOrder(backbone, (TemporalOrderOptions)options))
    {
        Setup = PieceSetup.LogMel,
    };

    public override SoundPlan Sounds { get; } = new(1);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor views = batch.View(0);
        int[] lengths = FrameRows.Lengths(batch);
        RandomSequence random = Scope.NextRandom("pieces", Path);
        var pairs = new List<PiecePair>();
        var swapped = new List<int>();
        for (int item = 0; item < batch.Size; item++)
        {
            if (PiecePairs.Draw(item, lengths[item], options.Piece, options.MinGap, options.MaxGap, ref random) is { } pair)
            {
                pairs.Add(pair);
                swapped.Add(random.NextInt(Answers));
            }
        }

        if (pairs.Count == 0)
        {
            return PieceSetup.NothingToTell(Backbone, views, options.Piece);
        }

        int count = pairs.Count;
        Tensor features = Backbone.Forward(PiecePairs.Cut(views, pairs, options.Piece));                    // [2M, D]
        int[] left = [.. swapped.Select((swap, i) => i + (swap * count))], right = [.. swapped.Select((swap, i) => i + ((1 - swap) * count))];
        Tensor logits = head.Forward(Ops.Concat(1, Ops.Gather(features, left), Ops.Gather(features, right)));   // [M, 2]
        ClassReport.Report(diagnostics, logits, [.. swapped], []);
        return Ops.CrossEntropy(logits, [.. swapped]);
    }

    public override double? ChanceLoss(int batchSize) => Math.Log(Answers);
}
