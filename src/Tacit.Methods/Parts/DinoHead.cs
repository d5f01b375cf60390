using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>DINO's projection head: a perceptron with GELU down to a bottleneck, L2-normalised, and cosines with K prototypes.</summary>
/// <remarks>Caron et al. 2021, arXiv:2104.14294, section 3.1 and appendix C: the last layer is weight-normalised, its lengths 1.</remarks>
public sealed class DinoHead : Layer
{
    private readonly Mlp mlp;
    private readonly WeightNormLinear last;

    /// <param name="input">Width of the features.</param>
    /// <param name="widths">Of the perceptron's layers; the last is the bottleneck.</param>
    /// <param name="prototypes">K</param>
    public DinoHead(int input, IReadOnlyList<int> widths, int prototypes)
    {
        mlp = Add("mlp", new Mlp(input, [.. widths.Select((width, i) => new MlpBlock(width, Activation: i < widths.Count - 1 ? Activation.Gelu : Activation.None))]));
        last = Add("last_layer", new WeightNormLinear(mlp.Output, prototypes, bias: false, unitLength: true));
    }

    /// <summary>[N, input] to [N, bottleneck], rows of length 1.</summary>
    public Tensor Bottleneck(Tensor features) => Ops.L2Normalize(mlp.Forward(features));

    /// <summary>[N, bottleneck] to [N, K].</summary>
    public Tensor Logits(Tensor bottleneck) => last.Forward(bottleneck);

    public override Tensor Forward(Tensor x) => Logits(Bottleneck(x));

    /// <summary>Holds the prototypes where they are, or lets them go.</summary>
    public void FreezePrototypes(bool frozen) => last.RequireGradients(!frozen);
}
