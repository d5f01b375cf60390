using System.Numerics.Tensors;
using Tacit.Tensors;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Models;

/// <summary>Choosing entries of code books.</summary>
internal static class CodeChoice
{
    /// <summary>The largest of each row of the last axis, the first of equals.</summary>
    public static int[] Largest(Tensor rows)
    {
        int width = rows.Shape.Last;
        var codes = new int[rows.Shape.Rows];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = TensorPrimitives.IndexOfMax<float>(rows.Span.Slice(i * width, width));
        }

        return codes;
    }

    /// <summary>The value of one tensor with the gradient of another: straight-through.</summary>
    /// <remarks>Bengio et al. 2013, arXiv:1308.3432. What is added to the value is exactly 0.</remarks>
    public static Tensor StraightThrough(Tensor value, Tensor gradient) => Ops.Add(value.Detach(), Ops.Subtract(gradient, gradient.Detach()));

    /// <summary>
    /// A choice of each row drawn with probability softmax(logits): 1 at its place, and the gradient of the soft choice
    /// softmax((logits + noise)/τ).
    /// </summary>
    /// <param name="logits">[M, V]</param>
    /// <param name="temperature">τ</param>
    /// <param name="noise">[M, V], -log(-log u) with u uniform.</param>
    /// <remarks>Jang et al. 2017, arXiv:1611.01144.</remarks>
    public static (Tensor Choice, int[] Codes) Draw(Tensor logits, float temperature, Tensor noise)
    {
        Tensor soft = Ops.Softmax(Ops.Multiply(Ops.Add(logits, noise), 1 / temperature));
        int[] codes = Largest(soft);
        Tensor hard = Tensor.Zeros(soft.Shape);
        for (int i = 0; i < codes.Length; i++)
        {
            hard.Span[(i * soft.Shape.Last) + codes[i]] = 1;
        }

        return (StraightThrough(hard, soft), codes);
    }

    /// <summary>Gumbel noise keyed by the scope and a module's path.</summary>
    public static Tensor Noise(Shape shape, string path)
    {
        const float least = 1f / (1 << 25);         // the middle of what 24 bits call 0, whose logarithm is not finite
        Tensor noise = Tensor.Empty(shape);
        ulong stream = Scope.NextStream("gumbel", path);
        Philox.FillUniform(noise.Span, Scope.Current!.Seed, stream, Scope.Current.Step);
        foreach (ref float value in noise.Span)
        {
            value = -MathF.Log(-MathF.Log(Math.Max(value, least)));
        }

        return noise;
    }
}
