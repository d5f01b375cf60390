using System.Numerics.Tensors;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>The real frames of a padded batch, item after item: [N, T, C] to [Σ lengths, C].</summary>
    /// <exception cref="ShapeException">Lengths are not N numbers from 0 to T.</exception>
    public static Tensor PackFrames(Tensor x, int[] lengths)
    {
        RequireLengths("PackFrames", x.Shape, x.Rank == 3 ? x.Shape[0] : -1, x.Rank == 3 ? x.Shape[1] : 0, lengths);
        Tensor y = Tensor.Empty(new Shape(lengths.Sum(), x.Shape[2]));
        FrameMove.Run(x.Data, y.Data, x.Shape[1], x.Shape[2], lengths, pack: true, add: false);
        if (Tape.Wants(x))
        {
            Tape.Add(new FrameNode("PackFrames", x, y, x.Shape[1], lengths));
        }

        return y;
    }

    /// <summary>The padded batch of which these are the real frames: [Σ lengths, C] to [N, T, C], 0 in padding.</summary>
    /// <exception cref="ShapeException">Lengths are not numbers from 0 to T that add up to the frames.</exception>
    public static Tensor UnpackFrames(Tensor x, int[] lengths, int frames)
    {
        RequireLengths("UnpackFrames", x.Shape, x.Rank == 2 && x.Shape[0] == lengths.Sum() ? lengths.Length : -1, frames, lengths);
        Tensor y = Tensor.Empty(new Shape(lengths.Length, frames, x.Shape[1]));
        FrameMove.Run(y.Data, x.Data, frames, x.Shape[1], lengths, pack: false, add: false);
        if (Tape.Wants(x))
        {
            Tape.Add(new FrameNode("UnpackFrames", x, y, frames, lengths));
        }

        return y;
    }

    private static void RequireLengths(string op, Shape shape, int items, int frames, int[] lengths)
    {
        if (lengths.Length != items || lengths.AsSpan().ContainsAnyExceptInRange(0, frames))
        {
            throw ShapeException.Unfit(op, shape, $"lengths [{string.Join(", ", lengths)}] must be one number from 0 to {frames} for each item");
        }
    }

    private sealed class FrameNode(string name, Tensor x, Tensor y, int frames, int[] lengths) : Node(name, y)
    {
        public override void Backward()
        {
            Gradient g = x.GradientTarget();
            bool packed = Output.Rank == 2;
            FrameMove.Run(packed ? g.Data : Output.GradientData, packed ? Output.GradientData : g.Data, frames, x.Shape.Last, lengths, !packed, g.Add);
        }
    }

    /// <summary>Copies or adds the real frames of an item, one block, from one arrangement to the other.</summary>
    private readonly struct FrameMove(float* padded, float* packed, int frames, int width, int[] lengths, bool pack, bool add) : IBlockBody
    {
        public static void Run(float* padded, float* packed, int frames, int width, int[] lengths, bool pack, bool add)
        {
            var body = new FrameMove(padded, packed, frames, width, lengths, pack, add);
            WorkerPool.Shared.For(lengths.Length, ref body);
        }

        public void Invoke(int block)
        {
            int first = 0, count = lengths[block] * width;
            for (int n = 0; n < block; n++)
            {
                first += lengths[n];
            }

            var item = new Span<float>(padded + ((nint)block * frames * width), frames * width);
            var run = new Span<float>(packed + ((nint)first * width), count);
            Span<float> from = pack ? item[..count] : run, to = pack ? run : item[..count];
            if (add)
            {
                TensorPrimitives.Add(to, from, to);
                return;
            }

            from.CopyTo(to);
            if (!pack)
            {
                item[count..].Clear();
            }
        }
    }
}
