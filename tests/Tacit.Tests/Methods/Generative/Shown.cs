using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Generative;

/// <summary>What methods show of pictures.</summary>
internal static class Shown
{
    public static IReadOnlyList<ReconstructionColumn> Columns(IReconstructs method, Tensor pictures, ulong seed = 1)
    {
        ((Method)method).Eval();
        using Scope chance = Scope.Gradient(seed);
        using Scope scope = Scope.NoGradient();
        return [.. method.Reconstruct(pictures).Select(c => c with { Pictures = c.Pictures.ToLasting() })];
    }

    /// <summary>The masked and the painted pictures of a method that masks.</summary>
    public static (float[] Masked, float[] Painted) Masked(IReconstructs method, Tensor pictures)
    {
        IReadOnlyList<ReconstructionColumn> columns = Columns(method, pictures);
        Assert.Equal(["original", "masked", "reconstruction"], columns.Select(c => c.Name));
        return (columns[1].Pictures.ToArray(), columns[2].Pictures.ToArray());
    }

    /// <summary>Hidden patches' pixels may be anything: what the network makes of the others stays the same to the last bit.</summary>
    /// <param name="share">Of the pixels that is hidden.</param>
    public static void HiddenPatchesAreNotSeen(IReconstructs method, Tensor pictures, double share)
    {
        Tensor other = pictures.ToLasting();
        (float[] masked, float[] painted) = Masked(method, pictures);
        int hidden = 0;
        for (int i = 0; i < other.Length; i++)
        {
            if (masked[i] == 0)
            {
                other.Span[i] = 9;
                hidden++;
            }
        }

        Assert.Equal(share, (double)hidden / other.Length);
        (float[] again, float[] repainted) = Masked(method, other);
        Assert.Equal(masked, again);
        Assert.Equal(painted, repainted);
    }
}
