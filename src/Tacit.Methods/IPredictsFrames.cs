using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>A method that can show what it makes of the frames of recordings: what it heard of them, and what it told.</summary>
public interface IPredictsFrames
{
    /// <summary>
    /// What becomes of some recordings, the frames themselves first, each column in the time of the frames. Called in a no-gradient
    /// scope, whose seed decides what is hidden, the method in evaluation mode.
    /// </summary>
    /// <param name="frames">[N, T, F], as the loader makes them.</param>
    /// <param name="lengths">Real frames of each item.</param>
    /// <returns>Each column [N, T, F]; frames of which nothing is told are 0.</returns>
    IReadOnlyList<FrameColumn> Predict(Tensor frames, int[] lengths);
}

/// <summary>What one column shows.</summary>
/// <param name="Name">A few words in lower case.</param>
/// <param name="Frames">[N, T, F]</param>
public sealed record FrameColumn(string Name, Tensor Frames);
