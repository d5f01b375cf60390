using Tacit.Tensors.Kernels;

namespace Tacit.Tensors;

public static partial class Ops
{
    /// <summary>x · weightᵀ + bias over the last axis, then max(0, ·) if asked, in one pass over memory.</summary>
    /// <param name="x">[.., in]</param>
    /// <param name="weight">[out, in], PyTorch's layout.</param>
    /// <param name="bias">[out], or none.</param>
    /// <param name="relu">Apply a ReLU to the result.</param>
    /// <returns>[.., out]</returns>
    public static unsafe Tensor Linear(Tensor x, Tensor weight, Tensor? bias = null, bool relu = false)
    {
        if (weight.Rank != 2 || x.Rank < 1 || x.Shape.Last != weight.Shape[1])
        {
            throw ShapeException.Mismatch("Linear", x.Shape, weight.Shape, $"the last axis of the input must be the weight's axis 1 ([out, in])");
        }

        int output = weight.Shape[0], input = weight.Shape[1];
        if (bias is not null && (bias.Rank != 1 || bias.Length != output))
        {
            throw ShapeException.Mismatch("Linear", weight.Shape, bias.Shape, $"the bias must be [{output}]");
        }

        Tensor y = Tensor.Empty(x.Shape.With(-1, output));
        Gemm.Run(false, true, x.Shape.Rows, output, input, x.Data, input, weight.Data, input, y.Data, output, bias: bias is null ? null : bias.Data, relu: relu);
        if (Tape.Wants(x, weight, bias))
        {
            Tape.Add(new LinearNode(x, weight, bias, y, relu));
        }

        return y;
    }
}

internal sealed unsafe class LinearNode(Tensor x, Tensor weight, Tensor? bias, Tensor y, bool relu) : Node("Linear", y)
{
    public override void Backward()
    {
        int rows = x.Shape.Rows, output = weight.Shape[0], input = weight.Shape[1];
        float* dy = Output.GradientData;
        if (relu)
        {
            ReluMask.Apply(Output.Data, dy, Output.Length);
        }

        if (bias is { RequiresGrad: true })
        {
            ColumnSum.Run(dy, rows, output, bias.GradientTarget());
        }

        if (weight.RequiresGrad)
        {
            Gradient g = weight.GradientTarget();
            Gemm.Run(true, false, output, input, rows, dy, output, x.Data, input, g.Data, input, g.Add);
        }

        if (x.RequiresGrad)
        {
            Gradient g = x.GradientTarget();
            Gemm.Run(false, false, rows, input, output, dy, output, weight.Data, input, g.Data, input, g.Add);
        }
    }
}
