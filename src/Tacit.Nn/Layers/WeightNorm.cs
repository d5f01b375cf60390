using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>
/// A linear layer whose weight is a direction times a length per output: w = g · v/‖v‖. With a frozen length of 1 it is the
/// last layer of DINO's head.
/// </summary>
/// <remarks>Salimans and Kingma 2016, arXiv:1602.07868; names as torch.nn.utils.weight_norm: <c>weight_g</c>, <c>weight_v</c>.</remarks>
public sealed class WeightNormLinear : Layer
{
    private readonly Tensor? bias;
    private readonly Tensor length;
    private readonly Tensor direction;

    /// <param name="input">Features in.</param>
    /// <param name="output">Features out.</param>
    /// <param name="bias">Whether a bias is learned.</param>
    /// <param name="unitLength">Every length is 1 and stays so.</param>
    public WeightNormLinear(int input, int output, bool bias = true, bool unitLength = false)
    {
        this.bias = bias ? AddParameter("bias", new Shape(output), Initializers.Bias(input)) : null;
        length = unitLength ? AddBuffer("weight_g", new Shape(output, 1), 1) : AddParameter("weight_g", new Shape(output, 1), Initializers.Ones);
        direction = AddParameter("weight_v", new Shape(output, input), Initializers.KaimingUniform());
    }

    public override Tensor Forward(Tensor x) => Ops.Linear(x, Ops.Multiply(Ops.L2Normalize(direction), length), bias);

    protected override void OnInitialized(Func<Tensor, bool> fresh)
    {
        if (fresh(length))
        {
            WeightNorm.Lengths(direction, length, 0);
        }
    }
}

/// <summary>A one-dimensional convolution whose weight is a direction times a length, per output channel or per kernel place.</summary>
/// <remarks>
/// The positional convolution of wav2vec 2.0 (Baevski et al. 2020, arXiv:2006.11477) keeps one length per kernel place:
/// <c>weight_g</c> [1, 1, k].
/// </remarks>
public sealed class WeightNormConv1d : Layer
{
    private readonly Tensor? bias;
    private readonly Tensor length;
    private readonly Tensor direction;
    private readonly int stride, padding, groups;
    private readonly bool perPlace;

    public WeightNormConv1d(
        int input,
        int output,
        int kernel,
        int stride = 1,
        int padding = 0,
        int groups = 1,
        bool bias = true,
        bool perPlace = false,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null)
    {
        (this.stride, this.padding, this.groups, this.perPlace) = (stride, padding, groups, perPlace);
        var shape = new Shape(output, input / groups, kernel);
        this.bias = bias ? AddParameter("bias", new Shape(output), biasInitializer ?? Initializers.Bias(Initializers.FanIn(shape))) : null;
        length = AddParameter("weight_g", perPlace ? new Shape(1, 1, kernel) : new Shape(output, 1, 1), Initializers.Ones);
        direction = AddParameter("weight_v", shape, weightInitializer ?? Initializers.KaimingUniform());
    }

    /// <summary>[N, T, in] to [N, T', out]</summary>
    public override Tensor Forward(Tensor x) => Ops.Conv1d(x, Weight(), bias, stride, padding, 1, groups);

    protected override void OnInitialized(Func<Tensor, bool> fresh)
    {
        if (fresh(length))
        {
            WeightNorm.Lengths(direction, length, perPlace ? 2 : 0);
        }
    }

    private Tensor Weight()
    {
        int output = direction.Shape[0], rest = direction.Shape[1], kernel = direction.Shape[2];
        if (!perPlace)
        {
            Tensor rows = Ops.L2Normalize(direction.Reshape(output, rest * kernel));
            return Ops.Multiply(rows, length.Reshape(output, 1)).Reshape(output, rest, kernel);
        }

        // The place first, so that all that shares a length is one row.
        Tensor places = Ops.L2Normalize(Ops.Transpose(direction, 2, 0, 1).Reshape(kernel, output * rest));
        return Ops.Transpose(Ops.Multiply(places, length.Reshape(kernel, 1)).Reshape(kernel, output, rest), 1, 2, 0);
    }
}

internal static class WeightNorm
{
    /// <summary>Writes the norms of the slices along one axis, so that the first forward pass uses the direction as it is.</summary>
    public static void Lengths(Tensor direction, Tensor lengths, int axis)
    {
        int outer = direction.Shape.Product(0, axis), size = direction.Shape[axis], inner = direction.Shape.Product(axis + 1, direction.Rank);
        for (int i = 0; i < size; i++)
        {
            double sum = 0;
            for (int o = 0; o < outer; o++)
            {
                foreach (float value in direction.Span.Slice(((o * size) + i) * inner, inner))
                {
                    sum += (double)value * value;
                }
            }

            lengths.Span[i] = (float)Math.Sqrt(sum);
        }
    }
}
