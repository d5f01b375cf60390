using Tacit.Nn;

namespace Tacit.Methods;

/// <summary>Projectors, predictors and classifiers: linear layers, a ReLU after each but the last.</summary>
internal static class Heads
{
    /// <param name="widths">Of the layers.</param>
    /// <param name="between">The norm before each ReLU.</param>
    /// <param name="last">The norm at the end.</param>
    /// <param name="bias">Whether the linear layers have one; null where those have one that no norm follows.</param>
    public static MlpBlock[] Blocks(IReadOnlyList<int> widths, Norm between, Norm last, bool? bias = null) =>
        [.. widths.Select((width, i) => i < widths.Count - 1
            ? new MlpBlock(width, between, Activation.Relu, bias ?? between == Norm.None)
            : new MlpBlock(width, last, Activation.None, bias ?? last == Norm.None))];
}
