using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>A half-step branch of a Conformer, [.., D] to [.., D]: norm, linear, SiLU, dropout, linear, dropout.</summary>
/// <remarks>Gulati et al. 2020, arXiv:2005.08100, figure 4; names as torchaudio's (<c>sequential.0</c>, <c>.1</c>, <c>.4</c>).</remarks>
internal sealed class ConformerFeedForward : Layer
{
    private readonly LayerNorm norm;
    private readonly Linear expand, contract;
    private readonly Dropout inner, outer;

    public ConformerFeedForward(int dim, int hidden, float dropout)
    {
        Parts parts = Add("sequential", new Parts());
        norm = parts.Put("0", new LayerNorm(dim));
        expand = parts.Put("1", new Linear(dim, hidden));
        inner = parts.Put("3", new Dropout(dropout));
        contract = parts.Put("4", new Linear(hidden, dim));
        outer = parts.Put("5", new Dropout(dropout));
    }

    public override Tensor Forward(Tensor x) => outer.Forward(contract.Forward(inner.Forward(Ops.Silu(expand.Forward(norm.Forward(x))))));
}

/// <summary>
/// The convolution branch of a Conformer: norm, pointwise convolution, GLU, depthwise convolution along time, norm, SiLU,
/// pointwise convolution, dropout.
/// </summary>
/// <remarks>Gulati et al. 2020, arXiv:2005.08100, figure 2; names as torchaudio's (<c>layer_norm</c>, <c>sequential.0</c>, <c>.2</c>, <c>.3</c>, <c>.5</c>).</remarks>
internal sealed class ConformerConvolution : Module
{
    private readonly LayerNorm norm;
    private readonly Layer between;
    private readonly Conv1d widen, depthwise, narrow;
    private readonly Dropout dropout;

    public ConformerConvolution(int dim, int kernel, float dropout, bool batchNorm)
    {
        norm = Add("layer_norm", new LayerNorm(dim));
        Parts parts = Add("sequential", new Parts());
        widen = parts.Put("0", new Conv1d(dim, 2 * dim, 1));
        depthwise = parts.Put("2", new Conv1d(dim, dim, kernel, padding: kernel / 2, groups: dim));
        between = batchNorm ? parts.Put("3", new BatchNorm(dim)) : parts.Put("3", new LayerNorm(dim));
        narrow = parts.Put("5", new Conv1d(dim, dim, 1));
        this.dropout = parts.Put("6", new Dropout(dropout));
    }

    /// <summary>Real frames [M, D] to [M, D]; only the depthwise convolution sees them in their places.</summary>
    public Tensor Forward(Tensor x, ValidFrames frames)
    {
        Tensor y = Ops.Glu(Pointwise(widen, norm.Forward(x)));
        y = frames.Pack(depthwise.Forward(frames.Unpack(y)));
        return dropout.Forward(Pointwise(narrow, Ops.Silu(between.Forward(y))));
    }

    private static Tensor Pointwise(Conv1d convolution, Tensor x)
    {
        Tensor y = convolution.Forward(x.Reshape(1, x.Shape[0], x.Shape[1]));
        return y.Reshape(x.Shape[0], y.Shape[2]);
    }
}

/// <summary>Names of a torch.nn.Sequential some of whose layers hold nothing.</summary>
internal sealed class Parts : Module
{
    public T Put<T>(string name, T part)
        where T : Module => Add(name, part);
}
