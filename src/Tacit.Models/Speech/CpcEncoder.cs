using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// The convolutional encoder of contrastive predictive coding: samples [N, T] to frames [N, T', D], 465 samples every 160, with
/// zeros at both ends. Each layer is a convolution, a norm of every frame's channels, and ReLU.
/// </summary>
/// <remarks>
/// van den Oord et al. 2018, arXiv:1807.03748, section 3.1, with the channel norm of Rivière et al. 2020, arXiv:2002.02848, whose
/// published names it has (<c>conv0.weight</c>, <c>batchNorm0.weight</c> [1, D, 1]). 1,317,120 parameters at 256 channels.
/// </remarks>
public sealed class CpcEncoder : Module
{
    private static readonly int[] Kernels = [10, 8, 4, 4, 4], Strides = [5, 4, 2, 2, 2], Paddings = [3, 2, 1, 1, 1];

    private readonly Conv1d[] convs = new Conv1d[Kernels.Length];
    private readonly ChannelNorm[] norms = new ChannelNorm[Kernels.Length];

    /// <param name="dim">D, channels of every layer; at least 2, of which a variance can be taken.</param>
    /// <exception cref="TacitException">Fewer.</exception>
    public CpcEncoder(int dim = 256)
    {
        if (dim < 2)
        {
            throw new TacitException($"A CPC encoder cannot have {dim} channels; it needs at least 2.");
        }

        Dim = dim;
        for (int i = 0; i < Kernels.Length; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            convs[i] = Add("conv" + number, new Conv1d(i == 0 ? 1 : dim, dim, Kernels[i], Strides[i], Paddings[i]));
            norms[i] = Add("batchNorm" + number, new ChannelNorm(dim));
        }
    }

    /// <summary>D</summary>
    public int Dim { get; }

    /// <summary>Samples from one frame to the next.</summary>
    public int Stride => 160;

    /// <summary>Frames made of so many samples.</summary>
    public int[] FrameLengths(int[] lengths) => Array.ConvertAll(lengths, length =>
    {
        for (int i = 0; i < Kernels.Length; i++)
        {
            length = After(length, i);
        }

        return length;
    });

    /// <summary>Samples [N, T] to frames [N, T', D], 0 in padding.</summary>
    /// <param name="waves">[N, T]</param>
    /// <param name="lengths">Samples of each item that are real; null where all are.</param>
    /// <exception cref="TacitException">There are too few samples for one frame.</exception>
    public Tensor Features(Tensor waves, int[]? lengths = null)
    {
        if (waves.Rank != 2)
        {
            throw ShapeException.Unfit("CpcEncoder", waves.Shape, "it takes samples [N, T]");
        }

        if (FrameLengths([waves.Shape[1]])[0] == 0)
        {
            throw new TacitException($"{waves.Shape[1]} samples are too few for this encoder, which makes a frame every {Stride}.");
        }

        // An utterance ends in zeros, whether the batch goes on behind it or not.
        Tensor x = Frames.Mask(waves.Reshape(waves.Shape[0], waves.Shape[1], 1), lengths);
        for (int i = 0; i < Kernels.Length; i++)
        {
            int layer = i;
            lengths = lengths is null ? null : Array.ConvertAll(lengths, length => After(length, layer));
            x = Frames.Mask(Ops.Relu(norms[i].Forward(convs[i].Forward(x))), lengths);
        }

        return x;
    }

    private static int After(int length, int layer) => length == 0 ? 0 : Frames.After(length, Kernels[layer], Strides[layer], Paddings[layer]);

    /// <summary>Each frame's channels to mean 0 and unbiased variance 1, then a scale and a shift a channel.</summary>
    private sealed class ChannelNorm : Layer
    {
        private const float Eps = 1e-5f;

        private readonly Tensor weight, bias;
        private readonly int dim;

        public ChannelNorm(int dim)
        {
            this.dim = dim;
            weight = AddParameter("weight", new Shape(1, dim, 1), Initializers.Ones);
            bias = AddParameter("bias", new Shape(1, dim, 1), Initializers.Zeros);
        }

        public override Tensor Forward(Tensor x)
        {
            // v·D/(D-1) + eps = (v + eps·(D-1)/D)·D/(D-1): layer norm, with another eps and a smaller scale.
            double share = (dim - 1.0) / dim;
            return Ops.LayerNorm(x, Ops.Multiply(weight.Reshape(dim), (float)Math.Sqrt(share)), bias.Reshape(dim), (float)(Eps * share));
        }
    }
}
