using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>K learned directions, of length 1: what features are compared with instead of with each other.</summary>
/// <remarks>Caron et al. 2020, arXiv:2006.09882, section 3.1 and listing 1.</remarks>
public sealed class Prototypes : Layer
{
    private readonly Tensor weight;

    /// <param name="width">D, numbers of a feature.</param>
    /// <param name="count">K</param>
    public Prototypes(int width, int count) => weight = AddParameter("weight", new Shape(count, width), Initializers.KaimingUniform());

    /// <summary>K</summary>
    public int Count => weight.Shape[0];

    /// <summary>Cosines: [N, D], rows of length 1, to [N, K].</summary>
    public override Tensor Forward(Tensor x) => Ops.Linear(x, weight);

    /// <summary>Brings every direction back to length 1: after an optimiser's step.</summary>
    public void Normalize()
    {
        using Scope scope = Scope.NoGradient();
        Ops.L2Normalize(weight.Detach()).Span.CopyTo(weight.Span);
    }

    protected override void OnInitialized(Func<Tensor, bool> fresh)
    {
        if (fresh(weight))
        {
            Normalize();
        }
    }
}
