using System.Numerics.Tensors;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Methods;

/// <summary>NNCLR: the positive of one view is not the other view but the nearest neighbour, among earlier pictures, of it.</summary>
/// <remarks>Dwibedi et al. 2021, arXiv:2104.14548, Algorithm 1. Until the queue holds something a picture is its own neighbour.</remarks>
public sealed class Nnclr : Method
{
    private readonly NnclrOptions options;
    private readonly Mlp projector, predictor;
    private readonly FeatureQueue queue;

    public Nnclr(Backbone backbone, NnclrOptions options) : base(backbone)
    {
        this.options = options;
        Views = ViewPlan.Crops(TwoViews.Asymmetric(options.Augmentation, options.SecondSolarizeProbability));
        projector = Add("projector", new Mlp(backbone.Dim, Heads.Blocks(options.Projector, Norm.Batch, Norm.Batch)));
        predictor = Add("predictor", new Mlp(projector.Output, Heads.Blocks([options.PredictorHidden, projector.Output], Norm.Batch, Norm.None)));
        queue = Add("queue", new FeatureQueue(options.Queue, projector.Output));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "nnclr",
            "contrastive",
            ["image", "speech"],
            "Dwibedi, Aytar, Tompson, Sermanet and Zisserman: With a Little Help from My Friends, arXiv:2104.14548",
            2021,
            "Agree with the nearest neighbour of the other view among earlier pictures"),
        new NnclrOptions(),
        NnclrOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Nnclr(backbone, (NnclrOptions)options));

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor z1 = projector.Forward(Backbone.Forward(batch.View(0))), z2 = projector.Forward(Backbone.Forward(batch.View(1)));   // [N, D]
        Tensor p1 = predictor.Forward(z1), p2 = predictor.Forward(z2);
        Tensor n1 = Neighbours(z1, diagnostics), n2 = Neighbours(z2, diagnostics);

        Tensor first = InfoNce.Loss(n1, p2, null, options.Temperature, out NtXentStatistics found);
        diagnostics.Report(found);
        Tensor second = InfoNce.Loss(n2, p1, null, options.Temperature, out found);
        diagnostics.Report(found);
        queue.Push(Unit(z1));

        diagnostics.Embedding(z1);
        queue.Report(diagnostics, batch.Size);
        diagnostics.ReportNegatives(n1, p2, p2, batch.Size, batch.Labels);
        return Ops.Multiply(Ops.Add(first, second), 0.5f);
    }

    public override double? ChanceLoss(int batchSize) => InfoNce.Chance(batchSize - 1);

    public override void AfterStep(long step, long steps) => queue.Commit();

    /// <summary>Of each row the row of the queue with the largest cosine: constants.</summary>
    private Tensor Neighbours(Tensor z, Diagnostics diagnostics)
    {
        Tensor unit = Unit(z), held = queue.Rows;
        if (held.Shape[0] == 0)
        {
            diagnostics.Report("neighbour_similarity", 1);
            return unit;
        }

        using Scope inner = Scope.NoGradient();
        Tensor cosines = Ops.MatMul(unit, held, transposeB: true);              // [N, K]
        var nearest = new int[unit.Shape[0]];
        double similarity = 0;
        for (int i = 0; i < nearest.Length; i++)
        {
            ReadOnlySpan<float> row = cosines.Span.Slice(i * held.Shape[0], held.Shape[0]);
            nearest[i] = TensorPrimitives.IndexOfMax(row);
            similarity += row[nearest[i]] / nearest.Length;
        }

        diagnostics.Report("neighbour_similarity", similarity);
        return inner.Keep(Ops.Gather(held, nearest));
    }

    /// <summary>Rows of length 1, without history.</summary>
    private static Tensor Unit(Tensor z) => Ops.L2Normalize(z.Detach());
}
