namespace Tacit.Tensors;

/// <summary>Shapes that do not fit an operator: the message names the operator, the shapes and the offending axis.</summary>
public sealed class ShapeException : ArgumentException
{
    public ShapeException() { }

    public ShapeException(string message) : base(message) { }

    public ShapeException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Two operands that do not fit each other.</summary>
    public static ShapeException Mismatch(string op, Shape a, Shape b, string why) => new($"{op}: {a} and {b} do not fit: {why}.");

    /// <summary>One operand that an operator cannot take.</summary>
    public static ShapeException Unfit(string op, Shape a, string why) => new($"{op}: {a} does not fit: {why}.");
}
