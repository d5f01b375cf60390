using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// The two branches of a method that predicts one view from another: the online one (backbone, projector and predictor), and
/// the one that makes targets: a momentum teacher, or the same weights behind a stop-gradient.
/// </summary>
/// <remarks>Grill et al. 2020, arXiv:2006.07733, figure 2; Chen and He 2021, arXiv:2011.10566, figure 1.</remarks>
public sealed class Branches : Module
{
    private readonly Backbone backbone;
    private readonly Mlp projector;
    private readonly Mlp? predictor;
    private readonly Teacher<Backbone>? slowBackbone;
    private readonly Teacher<Mlp>? slowProjector;
    private readonly BranchOptions options;

    /// <param name="backbone">The method's own; it stays where it is.</param>
    /// <param name="options">What there is of predictor, stop-gradient and momentum.</param>
    /// <param name="projector">On the features; the teacher has one too.</param>
    /// <param name="predictor">On the online projections, which it maps to their own width.</param>
    public Branches(Backbone backbone, BranchOptions options, MlpBlock[] projector, MlpBlock[] predictor)
    {
        this.backbone = backbone;
        this.options = options;
        this.projector = Add("projector", new Mlp(backbone.Dim, projector));
        this.predictor = options.Predictor ? Add("predictor", new Mlp(this.projector.Output, predictor)) : null;
        if (options.Momentum > 0)
        {
            slowBackbone = Add("slow_backbone", new Teacher<Backbone>(backbone, BackboneFactory.Build(backbone.Options with { DropPath = 0 })));
            slowProjector = Add("slow_projector", new Teacher<Mlp>(this.projector, new Mlp(backbone.Dim, projector)));
        }
    }

    /// <summary>The projection z of a view and the prediction p made from it (z itself without a predictor): [N, H, W, 3] to two [N, D].</summary>
    public (Tensor Z, Tensor P) Online(Tensor view)
    {
        Tensor z = projector.Forward(backbone.Forward(view));
        return (z, predictor?.Forward(z) ?? z);
    }

    /// <summary>What the other view's prediction is held against: [N, D].</summary>
    /// <param name="view">[N, H, W, 3]</param>
    /// <param name="z">The view's online projection, which is the target where weights are shared.</param>
    public Tensor Target(Tensor view, Tensor z)
    {
        if (slowBackbone is null || slowProjector is null)
        {
            return options.StopGradient ? z.Detach() : z;
        }

        using Scope scope = Scope.NoGradient();
        return scope.Keep(slowProjector.Twin.Forward(slowBackbone.Twin.Forward(view)));
    }

    /// <summary>Moves the teacher towards the online branch; call it after the optimiser's step.</summary>
    /// <param name="step">Steps done, this one included.</param>
    /// <param name="steps">Steps of the whole run.</param>
    public void Follow(long step, long steps)
    {
        double momentum = options.MomentumAt(step, steps);
        slowBackbone?.Update(momentum);
        slowProjector?.Update(momentum);
    }

    /// <summary>How the projections spread, how well they are predicted, and how far the teacher's encoder is behind.</summary>
    public void Report(Diagnostics diagnostics, Tensor z, double similarity)
    {
        diagnostics.Report("prediction_similarity", similarity);
        diagnostics.Embedding(z);
        slowBackbone?.Report(diagnostics);
    }
}
