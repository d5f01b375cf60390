using Tacit.Tensors.Kernels;

namespace Tacit.Tensors;

public static partial class Ops
{
    /// <summary>Two-dimensional convolution (cross-correlation, as in PyTorch) of channels-last pictures.</summary>
    /// <param name="x">[N, H, W, C]</param>
    /// <param name="weight">[O, C / groups, kh, kw], PyTorch's layout.</param>
    /// <param name="bias">[O], or none.</param>
    /// <param name="stride">Places between outputs, both axes.</param>
    /// <param name="padding">Zeros around the picture, both axes.</param>
    /// <param name="dilation">Places between kernel elements, both axes.</param>
    /// <param name="groups">Groups of channels that see only each other.</param>
    /// <returns>[N, (H + 2·padding − dilation·(kh − 1) − 1) / stride + 1, …, O]</returns>
    public static Tensor Conv2d(Tensor x, Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0, int dilation = 1, int groups = 1)
    {
        if (x.Rank != 4 || weight.Rank != 4)
        {
            throw ShapeException.Mismatch("Conv2d", x.Shape, weight.Shape, "it takes [N, H, W, C] and [O, C / groups, kh, kw]");
        }

        var sizes = ConvSizes.Of("Conv2d", x.Shape, weight.Shape, bias, stride, padding, padding, dilation, groups);
        return Convolve("Conv2d", sizes, x, weight, bias, new Shape(sizes.N, sizes.OutHeight, sizes.OutWidth, sizes.O));
    }

    /// <summary>One-dimensional convolution of channels-last sequences.</summary>
    /// <param name="x">[N, T, C]</param>
    /// <param name="weight">[O, C / groups, k], PyTorch's layout.</param>
    /// <param name="bias">[O], or none.</param>
    /// <param name="stride">Frames between outputs.</param>
    /// <param name="padding">Zero frames at both ends.</param>
    /// <param name="dilation">Frames between kernel elements.</param>
    /// <param name="groups">Groups of channels that see only each other.</param>
    /// <returns>[N, (T + 2·padding − dilation·(k − 1) − 1) / stride + 1, O]</returns>
    public static Tensor Conv1d(Tensor x, Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0, int dilation = 1, int groups = 1)
    {
        if (x.Rank != 3 || weight.Rank != 3)
        {
            throw ShapeException.Mismatch("Conv1d", x.Shape, weight.Shape, "it takes [N, T, C] and [O, C / groups, k]");
        }

        var pictures = new Shape(x.Shape[0], 1, x.Shape[1], x.Shape[2]);
        var kernel = new Shape(weight.Shape[0], weight.Shape[1], 1, weight.Shape[2]);
        var sizes = ConvSizes.Of("Conv1d", pictures, kernel, bias, stride, 0, padding, dilation, groups);
        return Convolve("Conv1d", sizes, x, weight, bias, new Shape(sizes.N, sizes.OutWidth, sizes.O));
    }

    private static unsafe Tensor Convolve(string name, ConvSizes sizes, Tensor x, Tensor weight, Tensor? bias, Shape output)
    {
        Tensor y = Tensor.Empty(output);
        var epilogue = new Epilogue(bias is null ? 0 : (nint)bias.Data, false);
        if (sizes.Depthwise)
        {
            DepthwiseConv.Forward(sizes, x.Data, weight.Data, bias is null ? null : bias.Data, y.Data);
        }
        else
        {
            var target = new Destination((nint)y.Data, sizes.OutHeight, sizes.OutWidth, sizes.O, 0, 0, 1);
            Correlate.Run(sizes.ForwardGrid, x.Data, sizes.ForwardWeights(weight.Data), target, false, epilogue);
        }

        if (Tape.Wants(x, weight, bias, name))
        {
            Tape.Add(new ConvNode(name, sizes, x, weight, bias, y));
        }

        return y;
    }
}

internal sealed unsafe class ConvNode(string name, ConvSizes sizes, Tensor x, Tensor weight, Tensor? bias, Tensor y) : Node(name, y)
{
    public override void Backward()
    {
        float* dy = Output.GradientData;
        if (bias is { RequiresGrad: true })
        {
            ColumnSum.Run(dy, Output.Shape.Rows, sizes.O, bias.GradientTarget());
        }

        if (weight.RequiresGrad)
        {
            Gradient g = weight.GradientTarget();
            if (sizes.Depthwise)
            {
                DepthwiseConv.WeightGradient(sizes, x.Data, dy, g);
            }
            else
            {
                CorrelateWeights.Run(sizes.ForwardGrid, x.Data, dy, sizes.O, g);
            }
        }

        if (x.RequiresGrad)
        {
            Gradient g = x.GradientTarget();
            if (sizes.Depthwise)
            {
                DepthwiseConv.InputGradient(sizes, dy, weight.Data, g);
            }
            else
            {
                InputGradient(dy, g);
            }
        }
    }

    /// <summary>
    /// With stride s the input falls into s × s phases, each seeing its own kernel elements; every phase is a correlation of
    /// dY with stride 1 and flipped weights. Phases that no kernel element reaches get zeros.
    /// </summary>
    private void InputGradient(float* dy, Gradient g)
    {
        if (!g.Add && sizes.HasEmptyPhase)
        {
            new Span<float>(g.Data, x.Length).Clear();
        }

        for (int row = 0; row < Math.Min(sizes.Stride, sizes.Height); row++)
        {
            for (int column = 0; column < Math.Min(sizes.Stride, sizes.Width); column++)
            {
                Phase rows = sizes.PhaseOf(row, sizes.KernelRows, sizes.PadRows), columns = sizes.PhaseOf(column, sizes.KernelColumns, sizes.PadColumns);
                if (rows.Count == 0 || columns.Count == 0)
                {
                    continue;
                }

                var target = new Destination((nint)g.Data, sizes.Height, sizes.Width, sizes.C, row, column, sizes.Stride);
                Correlate.Run(sizes.PhaseGrid(row, column, rows, columns), dy, sizes.PhaseWeights(weight.Data, rows, columns), target, g.Add);
            }
        }
    }
}
