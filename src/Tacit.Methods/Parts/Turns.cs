using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Quarter turns of pictures, against the clock as torch.rot90 has them.</summary>
public static class Turns
{
    /// <summary>How many different quarter turns there are.</summary>
    public const int Count = 4;

    /// <summary>Every picture in all four turns: those turned by 0 first, then by 90, 180 and 270 degrees.</summary>
    /// <param name="pictures">[N, S, S, C], square; no gradient flows back to them.</param>
    /// <returns>[4 · N, S, S, C]</returns>
    public static Tensor All(Tensor pictures)
    {
        Tensor turned = Tensor.Empty(Square(pictures).With(0, Count * pictures.Shape[0]));
        for (int turn = 0; turn < Count; turn++)
        {
            Turn(pictures, turn, turned.Rows(turn * pictures.Shape[0], pictures.Shape[0]));
        }

        return turned;
    }

    /// <summary>Every picture turned by so many quarters.</summary>
    /// <param name="pictures">[N, S, S, C], square; no gradient flows back to them.</param>
    /// <param name="quarters">Any whole number; 4 is none.</param>
    /// <returns>As the pictures.</returns>
    public static Tensor By(Tensor pictures, int quarters)
    {
        Tensor turned = Tensor.Empty(Square(pictures));
        Turn(pictures, ((quarters % Count) + Count) % Count, turned);
        return turned;
    }

    private static Shape Square(Tensor pictures) =>
        pictures.Rank == 4 && pictures.Shape[1] == pictures.Shape[2]
            ? pictures.Shape
            : throw ShapeException.Unfit("Turns", pictures.Shape, "it takes square pictures [N, S, S, C]");

    private static void Turn(Tensor pictures, int turn, Tensor turned)
    {
        var body = new Body(pictures, turn, turned);
        WorkerPool.Shared.For(pictures.Shape[0], ref body);
    }

    private readonly unsafe struct Body(Tensor pictures, int turn, Tensor turned) : IBlockBody
    {
        public void Invoke(int picture)
        {
            int side = pictures.Shape[1], channels = pictures.Shape[3];
            float* from = pictures.Data + ((long)picture * side * side * channels);
            float* to = turned.Data + ((long)picture * side * side * channels);
            for (int row = 0; row < side; row++)
            {
                for (int column = 0; column < side; column++)
                {
                    (int y, int x) = turn switch
                    {
                        0 => (row, column),
                        1 => (column, side - 1 - row),
                        2 => (side - 1 - row, side - 1 - column),
                        _ => (side - 1 - column, row),
                    };
                    for (int c = 0; c < channels; c++)
                    {
                        *to++ = from[(((y * side) + x) * channels) + c];
                    }
                }
            }
        }
    }
}
