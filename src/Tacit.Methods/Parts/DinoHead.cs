using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>DINO's projection head: a perceptron with GELU down to a bottleneck, L2-normalised, and cosines with K prototypes.</summary>
/// <remarks>
/// Caron et al. 2021, arXiv:2104.14294, section 3.1 and appendix C: the last layer is weight-normalised, its lengths 1. Weights
/// begin as in the authors' code, normal with deviation 0.02 and without bias: biases would rule what little passes three
/// layers without a norm, and all pictures would begin on one point.
/// </remarks>
public sealed class DinoHead : Layer
{
    private readonly List<(Linear Linear, BatchNorm? Norm)> hidden = [];
    private readonly Linear narrow;
    private readonly WeightNormLinear last;

    /// <param name="input">Width of the features.</param>
    /// <param name="widths">Of the perceptron's layers; the last is the bottleneck.</param>
    /// <param name="prototypes">K</param>
    /// <param name="norm">Whether batch norm comes before each GELU.</param>
    public DinoHead(int input, IReadOnlyList<int> widths, int prototypes, bool norm)
    {
        int width = input;
        for (int i = 0; i < widths.Count - 1; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            hidden.Add((Add($"mlp_{number}", NewLinear(width, widths[i], bias: !norm)), norm ? Add($"norm_{number}", new BatchNorm(widths[i])) : null));
            width = widths[i];
        }

        narrow = Add("bottleneck", NewLinear(width, widths[^1], bias: true));
        last = Add("last_layer", new WeightNormLinear(widths[^1], prototypes, bias: false, unitLength: true));

        static Linear NewLinear(int from, int to, bool bias) => new(from, to, bias, Initializers.TruncatedNormal(0.02f), Initializers.Zeros);
    }

    /// <summary>[N, input] to [N, bottleneck], rows of length 1.</summary>
    public Tensor Bottleneck(Tensor features)
    {
        Tensor x = features;
        foreach ((Linear linear, BatchNorm? norm) in hidden)
        {
            x = linear.Forward(x);
            x = Ops.Gelu(norm?.Forward(x) ?? x);
        }

        return Ops.L2Normalize(narrow.Forward(x));
    }

    /// <summary>[N, bottleneck] to [N, K].</summary>
    public Tensor Logits(Tensor bottleneck) => last.Forward(bottleneck);

    public override Tensor Forward(Tensor x) => Logits(Bottleneck(x));

    /// <summary>Holds the prototypes where they are, or lets them go.</summary>
    public void FreezePrototypes(bool frozen) => last.RequireGradients(!frozen);
}
