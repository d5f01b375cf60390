using Tacit.Tensors;

namespace Tacit.Benchmarks;

/// <summary>One operator at one size, in one direction.</summary>
/// <param name="Group">What it is listed under: "product", "convolution", "operator".</param>
/// <param name="Name">The operator and its sizes.</param>
/// <param name="Direction">Forward, or the gradient of the input, the weight, or all inputs.</param>
/// <param name="Lanes">Length of the result's last axis, which fills vectors: what does not fill one is no use.</param>
/// <param name="Run">Computes it once from tensors that are made before.</param>
internal sealed record Case(string Group, string Name, Direction Direction, int Lanes, Func<Tensor> Run);

/// <summary>What of an operator is timed.</summary>
internal enum Direction
{
    Forward,
    InputGradient,
    WeightGradient,
    Backward,
}

/// <summary>What the machine gave, and what it could give at this size.</summary>
/// <param name="Seconds">The median call.</param>
/// <param name="Least">Seconds that the size needs at least: by operations in lanes that are filled, or by memory that no cache holds.</param>
/// <param name="ByMemory">Whether memory is what bounds it.</param>
/// <param name="OneThread">Seconds on one thread.</param>
internal sealed record Reached(Case Case, double Seconds, double Least, bool ByMemory, double Gflops, double GigabytesASecond, double OneThread)
{
    /// <summary>Of what the size allows.</summary>
    public double Share => Least / Seconds;

    /// <summary>How much faster all threads are than one.</summary>
    public double Scaling => OneThread / Seconds;
}
