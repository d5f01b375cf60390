using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Masks rectangles of a grid until a share of it is gone: BEiT's mask, which leaves no masked patch alone among seen ones.</summary>
/// <remarks>
/// Bao et al. 2021, arXiv:2106.08254, Algorithm 1: areas of at least 16 of 14 × 14 patches (here the same share of any grid),
/// aspects between 0.3 and 1/0.3. Where the rest is too small for another rectangle, single places make the count exact: every
/// item masks the same number.
/// </remarks>
public static class BlockMask
{
    private const double SmallestAspect = 0.3;

    /// <summary>A mask for each item of a grid, row after row, with ⌊places · (1 − ratio)⌋ places kept.</summary>
    /// <exception cref="TacitException">The ratio masks all or none.</exception>
    public static Mask Draw(int items, int rows, int columns, double ratio, ref RandomSequence random)
    {
        int places = rows * columns, kept = Mask.Keeps(places, ratio);
        var masked = new bool[items * places];
        double smallest = Math.Max(1, places * (16.0 / (14 * 14)));
        for (int item = 0; item < items; item++)
        {
            Span<bool> grid = masked.AsSpan(item * places, places);
            int left = places - kept;
            for (int failed = 0; left > 0 && failed < 10;)
            {
                int added = AddBlock(grid, rows, columns, smallest, left, ref random);
                left -= added;
                failed = added > 0 ? 0 : failed + 1;
            }

            while (left > 0)
            {
                int place = random.NextInt(places);
                left -= grid[place] ? 0 : 1;
                grid[place] = true;
            }
        }

        return Mask.Of(masked, items, places, kept);
    }

    /// <summary>Masks one rectangle that adds at least one and no more than so many places; returns how many, 0 where it does not fit.</summary>
    private static int AddBlock(Span<bool> grid, int rows, int columns, double smallest, int most, ref RandomSequence random)
    {
        double area = smallest + ((Math.Max(smallest, most) - smallest) * random.NextUniform());
        double aspect = Math.Exp(Math.Log(SmallestAspect) * (1 - (2 * random.NextUniform())));
        int height = (int)Math.Round(Math.Sqrt(area * aspect)), width = (int)Math.Round(Math.Sqrt(area / aspect));
        if (height < 1 || width < 1 || height > rows || width > columns)
        {
            return 0;
        }

        int top = random.NextInt(rows - height + 1), left = random.NextInt(columns - width + 1), added = 0;
        for (int row = top; row < top + height; row++)
        {
            added += grid.Slice((row * columns) + left, width).Count(false);
        }

        if (added > most)
        {
            return 0;
        }

        for (int row = top; row < top + height; row++)
        {
            grid.Slice((row * columns) + left, width).Fill(true);
        }

        return added;
    }
}
