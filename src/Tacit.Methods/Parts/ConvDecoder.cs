using System.Globalization;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// A small decoder along time, [N, T, D] to [N, T, D]: grouped convolutions, each with a norm that learns nothing, GELU, and what went
/// in added where it is as wide; then a linear map.
/// </summary>
/// <remarks>Baevski et al. 2022 (data2vec 2.0), arXiv:2212.07525, section 3.2 and table 6; for speech four of 384 channels that see 7 frames, in 16 groups.</remarks>
internal sealed class ConvDecoder : Module
{
    private const int MostGroups = 16;

    private readonly Conv1d[] blocks;
    private readonly Linear projection;

    public ConvDecoder(int dim, int inner, int kernel, int layers)
    {
        blocks = [.. Enumerable.Range(0, layers).Select(i => Add(
            i.ToString(CultureInfo.InvariantCulture),
            new Conv1d(i == 0 ? dim : inner, inner, kernel, padding: kernel / 2, groups: Common(Common(dim, inner), MostGroups))))];
        projection = Add("proj", new Linear(inner, dim));
    }

    /// <param name="x">[N, T, D]</param>
    /// <param name="lengths">Frames that are real; padding is 0 before each convolution, as if there were none.</param>
    public Tensor Forward(Tensor x, int[] lengths)
    {
        foreach (Conv1d block in blocks)
        {
            Tensor y = Ops.Gelu(Ops.LayerNorm(block.Forward(Frames.Mask(x, lengths)), null, null));
            x = y.Shape[2] == x.Shape[2] ? Ops.Add(x, y) : y;
        }

        return projection.Forward(x);
    }

    private static int Common(int a, int b) => b == 0 ? a : Common(b, a % b);
}
