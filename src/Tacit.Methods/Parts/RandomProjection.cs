using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Codes that nothing learned: a random projection of a row, and the nearest of random directions to it.</summary>
/// <remarks>
/// Chiu et al. 2022 (BEST-RQ), arXiv:2202.01855, equation 1: argmin ‖norm(c_i) − norm(A·x)‖, A Xavier-uniform and c_i normal, both as
/// they began. They are saved with the method, since they follow from its seed.
/// </remarks>
internal sealed class RandomProjection : Module
{
    private readonly Tensor projection, codebook;       // [F, d], [V, d] of unit length

    /// <param name="width">F</param>
    /// <param name="dim">d, where rows and codes are compared.</param>
    /// <param name="codes">V</param>
    public RandomProjection(int width, int dim, int codes)
    {
        projection = AddParameter("projection", new Shape(width, dim), Initializers.XavierUniform());
        codebook = AddParameter("codebook", new Shape(codes, dim), Initializers.Normal(1));
        RequireGradients(false);
    }

    /// <summary>The code of each row [N, F].</summary>
    public int[] Codes(Tensor rows)
    {
        using Scope scope = Scope.NoGradient();
        return KMeans.Assign(Ops.L2Normalize(Ops.MatMul(rows, projection)), codebook);
    }

    protected override void OnInitialized(Func<Tensor, bool> fresh)
    {
        if (fresh(codebook))
        {
            using Scope scope = Scope.NoGradient();
            Ops.L2Normalize(codebook).Span.CopyTo(codebook.Span);
        }
    }
}
