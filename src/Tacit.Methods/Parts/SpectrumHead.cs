using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Frames from an encoder's states: linear, GELU, layer norm, linear; [.., D] to [.., F].</summary>
/// <remarks>The head of Mockingjay and TERA: Liu et al. 2020, arXiv:1910.12638, section 2.1. Names as s3prl's: <c>dense</c>, <c>LayerNorm</c>, <c>output</c>.</remarks>
internal sealed class SpectrumHead : Layer
{
    private readonly Linear dense, output;
    private readonly LayerNorm norm;

    public SpectrumHead(int dim, int frame)
    {
        dense = Add("dense", Matrix(dim, dim));
        norm = Add("LayerNorm", new LayerNorm(dim, 1e-12f));
        output = Add("output", Matrix(dim, frame));
    }

    public override Tensor Forward(Tensor x) => output.Forward(norm.Forward(Ops.Gelu(dense.Forward(x))));

    private static Linear Matrix(int input, int output) => new(input, output, weightInitializer: NarrowInit.For(input, output), biasInitializer: Initializers.Zeros);
}
