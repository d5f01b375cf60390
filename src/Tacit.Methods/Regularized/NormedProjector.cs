using Tacit.Nn;

namespace Tacit.Methods;

/// <summary>The projector that this family's papers share: linear, batch norm and ReLU, and a bare linear map at the end.</summary>
internal static class NormedProjector
{
    /// <param name="input">Width of the backbone's features.</param>
    /// <param name="widths">Of the layers, at least one.</param>
    public static Mlp Make(int input, IReadOnlyList<int> widths) => new(input, [.. widths.Select((width, i) => i < widths.Count - 1
        ? new MlpBlock(width, Norm.Batch, Activation.Relu, Bias: false)
        : new MlpBlock(width, Bias: false))]);

    /// <summary>Widths as an option takes them.</summary>
    public static IReadOnlyList<int> Checked(IReadOnlyList<int> widths) =>
        widths.Count > 0 ? widths : throw new FormatException("needs at least one width");

    /// <summary>Refuses a batch of one, whose dimensions cannot vary.</summary>
    /// <exception cref="ConfigurationException">It is one.</exception>
    public static void RefuseOne(DataFit fit)
    {
        if (fit.BatchSize < 2)
        {
            throw DataFit.Refusal("train.batch-size", "a batch of one picture has no variance and no covariance; give at least 2");
        }
    }
}
