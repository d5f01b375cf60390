using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// An encoder of log-mel pictures, which has one vector a picture and no states of its own. The rule: a state is a column of its last
/// map, before anything is pooled over time: of a residual network the mean over frequency, of AudioNTT its frame. A column stands for
/// as many frames of the picture as the network strides over; the picture is therefore shown four times, each time begun a quarter of
/// a stride later, or more often, so that there is a state every 40 ms at least, and the columns are put in the order of time. There is
/// one layer, the last.
/// </summary>
internal sealed class PictureUpstream(string name, SoundInput input, Backbone backbone)
    : Upstream(name, input, [backbone.FeatureLayer], backbone.Dim, Step(backbone) * FramesApart, backbone, FormattableString.Invariant($"every {Step(backbone)} frames"))
{
    /// <summary>Samples from one column of a log-mel picture to the next.</summary>
    private const int FramesApart = 160;

    /// <summary>Frames from a state to the next: a quarter of the stride, and no more than this, since phones and letters are shorter than wider strides.</summary>
    private const int LongestStep = 4, Showings = 4;

    private protected override (IReadOnlyList<Tensor> Layers, int[] Lengths) Layered(Batch batch)
    {
        // A batch holds pictures of one length.
        int items = batch.Views.Shape[0], frames = batch.Views.Shape[1], row = batch.Views.Shape[2];
        int stride = Stride(Backbone!), columns = Math.Max(1, frames / stride), length = columns * stride, step = Step(Backbone!), shown = stride / step;
        Tensor states = Tensor.Empty(new Shape(items, columns * shown, Width));
        for (int s = 0; s < shown; s++)
        {
            using Scope scope = Scope.NoGradient();
            Tensor later = Tensor.Zeros(new Shape(items, length, row, 1));
            int own = Math.Min(length, frames - (s * step));
            for (int n = 0; n < items && own > 0; n++)
            {
                batch.Views.Span.Slice(((n * frames) + (s * step)) * row, own * row).CopyTo(later.Span.Slice(n * length * row, own * row));
            }

            Tensor found = Backbone is ResNet network ? Ops.Mean(network.Map(later), 2) : ((AudioNttBackbone)Backbone!).Encoder.Frames(later);      // [N, columns, D]
            for (int i = 0; i < items * columns; i++)
            {
                found.Span.Slice(i * Width, Width).CopyTo(states.Span.Slice(((i * shown) + s) * Width, Width));
            }
        }

        return ([states], [.. Enumerable.Repeat(columns * shown, items)]);
    }

    private static int Stride(Backbone backbone) => backbone is ResNet network ? network.Stride : AudioNtt.Stride;

    private static int Step(Backbone backbone) => Math.Clamp(Stride(backbone) / Showings, 1, LongestStep);
}
