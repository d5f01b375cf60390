using Tacit.Nn;

namespace Tacit.Methods;

/// <summary>Projectors and predictors: linear layers, a ReLU after each but the last.</summary>
internal static class Heads
{
    /// <param name="widths">Of the layers.</param>
    /// <param name="between">The norm before each ReLU; with one the linear layer has no bias.</param>
    /// <param name="last">The norm at the end.</param>
    public static MlpBlock[] Blocks(IReadOnlyList<int> widths, Norm between, Norm last) =>
        [.. widths.Select((width, i) => i < widths.Count - 1
            ? new MlpBlock(width, between, Activation.Relu, Bias: between == Norm.None)
            : new MlpBlock(width, last, Activation.None, Bias: last == Norm.None))];
}
