using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// The frames of a padded batch that are real. What works frame by frame (linear layers, norms, statistics) runs on them alone,
/// one after the other; what looks along time gets the batch back with zeros in its padding. So padding costs little and
/// changes nothing.
/// </summary>
internal sealed class ValidFrames
{
    private readonly int items, frames;
    private readonly bool padded;

    public ValidFrames(Tensor x, int[]? lengths)
    {
        if (x.Rank != 3)
        {
            throw ShapeException.Unfit("Encoder", x.Shape, "it takes sequences [N, T, C]");
        }

        (items, frames, Lengths) = (x.Shape[0], x.Shape[1], lengths);
        if (lengths is null)
        {
            return;
        }

        if (lengths.Length != items || lengths.AsSpan().ContainsAnyExceptInRange(1, frames))
        {
            throw ShapeException.Unfit("Encoder", x.Shape, $"lengths [{string.Join(", ", lengths)}] must be {items} numbers (axis 0) from 1 to {frames} (axis 1)");
        }

        padded = lengths.Any(length => length < frames);
    }

    public int[]? Lengths { get; }

    /// <summary>[N, T, C] to [frames that are real, C]</summary>
    public Tensor Pack(Tensor x) => padded ? Ops.PackFrames(x, Lengths!) : x.Reshape(items * frames, x.Shape.Last);

    /// <summary>[frames that are real, C] to [N, T, C], 0 in padding</summary>
    public Tensor Unpack(Tensor x) => padded ? Ops.UnpackFrames(x, Lengths!, frames) : x.Reshape(items, frames, x.Shape.Last);
}
