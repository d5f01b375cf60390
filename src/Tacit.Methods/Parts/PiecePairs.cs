using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Where in an item two pieces lie.</summary>
/// <param name="Item">Its number in the batch.</param>
/// <param name="First">The first frame of the earlier piece.</param>
/// <param name="Gap">Frames between the end of the earlier and the beginning of the later piece.</param>
internal readonly record struct PiecePair(int Item, int First, int Gap);

/// <summary>Cuts two pieces of one length out of a recording's frames or log-mel pictures.</summary>
/// <remarks>
/// Pieces never touch and their gap is drawn, so that sound which goes on over an edge tells nothing; nor do they lie at a view's
/// own edges, where windows of a log-mel picture reach over its end.
/// </remarks>
internal static class PiecePairs
{
    /// <summary>Frames that stay unused at both ends of a view: half a window of 64 ms in hops of 10 ms.</summary>
    public const int Edge = 4;

    /// <summary>The frames that two pieces with so many between them need.</summary>
    public static int Needs(int piece, int gap) => (2 * piece) + gap + (2 * Edge);

    /// <summary>A pair with a gap from the least to the most, or as many as the item holds; anywhere in the item. Null where not even the least fits.</summary>
    public static PiecePair? Draw(int item, int length, int piece, int least, int most, ref RandomSequence random)
    {
        int room = length - Needs(piece, 0);
        if (room < least)
        {
            return null;
        }

        int gap = least + random.NextInt(Math.Min(most, room) - least + 1);
        return new PiecePair(item, Edge + random.NextInt(room - gap + 1), gap);
    }

    /// <summary>The earlier piece of each pair, then the later one: [N, T, ..] to [2 · pairs, piece, ..].</summary>
    public static Tensor Cut(Tensor views, IReadOnlyList<PiecePair> pairs, int piece)
    {
        int frames = views.Shape[1], width = views.Length / views.Shape[0] / frames;
        int[] shape = views.Shape.ToArray();
        (shape[0], shape[1]) = (2 * pairs.Count, piece);
        Tensor pieces = Tensor.Empty(new Shape(shape));
        for (int i = 0; i < shape[0]; i++)
        {
            PiecePair pair = pairs[i % pairs.Count];
            int first = pair.First + (i < pairs.Count ? 0 : piece + pair.Gap);
            views.Span.Slice(((pair.Item * frames) + first) * width, piece * width).CopyTo(pieces.Span.Slice(i * piece * width, piece * width));
        }

        return pieces;
    }

    /// <summary>Refuses an encoder of waveforms, and pieces of which the longest view does not hold two with the least gap; a default shrinks.</summary>
    /// <returns>Frames of a piece.</returns>
    public static int FitPiece(DataFit fit, string method, int piece, int least)
    {
        if (Models.BackboneFactory.SoundKind(fit.Model.Name) == "wave")
        {
            throw DataFit.Refusal("model.name", $"{method} cuts pieces out of frames or log-mel pictures, which {fit.Model.Name} does not take; it works with {Models.BackboneFactory.AudioNtt}");
        }

        int longest = FrameRows.Longest(fit), most = (longest - Needs(0, least)) / 2;
        return most >= Shortest
            ? fit.AtMost("method.piece", piece, most, $"the longest view has {longest} frames, of which two pieces and {least + (2 * Edge)} others are to be taken")
            : throw DataFit.Refusal("data.crop", $"a view of {longest} frames does not hold two pieces of {Shortest} frames and {least + (2 * Edge)} others; give longer ones");
    }

    /// <summary>What AudioNTT needs for one frame of its own.</summary>
    public const int Shortest = 8;
}
