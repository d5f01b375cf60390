using Tacit.Nn;

namespace Tacit.Methods;

/// <summary>Projectors and predictors as the papers of two branches describe them.</summary>
internal static class Head
{
    /// <summary>Linear, batch norm and ReLU, then a last linear layer with a norm of its own or none.</summary>
    /// <param name="widths">Of the layers, at least one.</param>
    /// <param name="last">After the last layer.</param>
    public static MlpBlock[] Normed(IReadOnlyList<int> widths, Norm last = Norm.None) => [.. widths.Select((width, i) => i < widths.Count - 1
        ? new MlpBlock(width, Norm.Batch, Activation.Relu, Bias: false)
        : new MlpBlock(width, last, Bias: last == Norm.None))];

    /// <summary>Widths as an option takes them.</summary>
    public static IReadOnlyList<int> Checked(IReadOnlyList<int> widths) =>
        widths.Count > 0 ? widths : throw new FormatException("needs at least one width");
}
