using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>A method that can show what it makes of pictures: what it was given of them, and what it added.</summary>
public interface IReconstructs
{
    /// <summary>
    /// What becomes of some pictures, as columns of a contact sheet: the pictures themselves first. Called in a no-gradient
    /// scope, whose seed decides what is hidden and drawn, the method in evaluation mode.
    /// </summary>
    /// <param name="pictures">[N, H, W, 3], normalised.</param>
    /// <returns>Each column [N, H, W, 3] in the space of the pictures; what is hidden is 0, the mean colour.</returns>
    /// <exception cref="TacitException">Pictures of this size cannot be.</exception>
    IReadOnlyList<ReconstructionColumn> Reconstruct(Tensor pictures);
}

/// <summary>One column of a contact sheet.</summary>
/// <param name="Name">A word or two in lower case.</param>
/// <param name="Pictures">[N, H, W, 3], normalised.</param>
public sealed record ReconstructionColumn(string Name, Tensor Pictures);
