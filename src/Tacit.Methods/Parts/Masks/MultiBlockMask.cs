using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// A large block of each item as context and several smaller ones as targets, none of whose places are in the context:
/// I-JEPA's mask. Contexts have one shape for the whole batch before the targets are taken out, targets another; positions are
/// each item's own.
/// </summary>
/// <param name="Items">N</param>
/// <param name="Places">P: the patches of one picture, row after row.</param>
/// <param name="Context">Items · ContextCount places, item after item, ascending within each.</param>
/// <param name="Blocks">T: target blocks of each item.</param>
/// <param name="Targets">Blocks · Items · TargetCount places: the first block of every item first. Blocks may overlap.</param>
/// <remarks>
/// Assran et al. 2023, arXiv:2301.08243, section 4 and appendix A.1. Contexts are cut to the smallest of the batch, as the
/// authors do, but at random places and not at the bottom of the picture.
/// </remarks>
public sealed record MultiBlockMask(int Items, int Places, int[] Context, int Blocks, int[] Targets)
{
    private const int Tries = 20;

    /// <summary>Places of one item's context.</summary>
    public int ContextCount => Context.Length / Items;

    /// <summary>Places of one target block.</summary>
    public int TargetCount => Targets.Length / (Blocks * Items);

    /// <summary>Draws a batch's blocks.</summary>
    /// <exception cref="TacitException">The grid is too small to hold a target and a context.</exception>
    public static MultiBlockMask Draw(int items, int rows, int columns, MultiBlockOptions options, ref RandomSequence random)
    {
        Refuse(rows, columns);
        int places = rows * columns;
        (int Height, int Width) whole = Size(rows, columns, options.MinContext, options.MaxContext, 1, 1, ref random);
        (int Height, int Width) part = Size(rows, columns, options.MinTarget, options.MaxTarget, options.MinAspect, options.MaxAspect, ref random);
        int count = part.Height * part.Width;
        var targets = new int[options.Targets * items * count];
        int least = Math.Max(1, places / 16), smallest = places;
        var seen = new bool[items * places];
        for (int item = 0; item < items; item++)
        {
            Span<bool> context = seen.AsSpan(item * places, places);
            int left = 0;
            for (int tried = 0; left < (tried < Tries ? least : 1); tried++)
            {
                context.Clear();
                Fill(context, Position(rows, columns, whole, ref random), whole, columns, true);
                for (int t = 0; t < options.Targets; t++)
                {
                    // Blocks that leave no context however they lie are laid into the first corner, over each other.
                    int corner = tried < Tries ? Position(rows, columns, part, ref random) : 0;
                    Fill(context, corner, part, columns, false);
                    Write(targets.AsSpan(((t * items) + item) * count, count), corner, part, columns);
                }

                left = context.Count(true);
            }

            smallest = Math.Min(smallest, left);
        }

        return new MultiBlockMask(items, places, Cut(seen, items, places, smallest, ref random), options.Targets, targets);
    }

    /// <summary>Refuses a grid that cannot hold a context beside a target.</summary>
    /// <exception cref="TacitException">Fewer than two rows or columns.</exception>
    public static void Refuse(int rows, int columns)
    {
        if (rows < 2 || columns < 2)
        {
            throw new TacitException($"Blocks of a grid of {rows} × {columns} patches leave no context; use smaller patches or larger pictures, so that there are at least 2 × 2.");
        }
    }

    /// <summary>A block's sides from a share of the area and an aspect (height over width), never the whole of both axes.</summary>
    private static (int Height, int Width) Size(int rows, int columns, double low, double high, double narrow, double wide, ref RandomSequence random)
    {
        double area = rows * columns * (low + ((high - low) * random.NextUniform()));
        double aspect = narrow + ((wide - narrow) * random.NextUniform());
        return (
            Math.Clamp((int)Math.Round(Math.Sqrt(area * aspect)), 1, rows),
            Math.Clamp((int)Math.Round(Math.Sqrt(area / aspect)), 1, columns));
    }

    /// <summary>The place of a block's first corner.</summary>
    private static int Position(int rows, int columns, (int Height, int Width) size, ref RandomSequence random) =>
        (random.NextInt(rows - size.Height + 1) * columns) + random.NextInt(columns - size.Width + 1);

    private static void Fill(Span<bool> grid, int corner, (int Height, int Width) size, int columns, bool value)
    {
        for (int row = 0; row < size.Height; row++)
        {
            grid.Slice(corner + (row * columns), size.Width).Fill(value);
        }
    }

    private static void Write(Span<int> target, int corner, (int Height, int Width) size, int columns)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = corner + (i / size.Width * columns) + (i % size.Width);
        }
    }

    /// <summary>So many of each item's seen places, chosen at random, ascending.</summary>
    private static int[] Cut(bool[] seen, int items, int places, int count, ref RandomSequence random)
    {
        var context = new int[items * count];
        for (int item = 0, at = 0; item < items; item++)
        {
            Span<bool> own = seen.AsSpan(item * places, places);
            int left = own.Count(true), wanted = count;
            for (int place = 0; place < places; place++)
            {
                // Knuth's selection sampling: each of those left is taken with the share of those still wanted.
                if (own[place] && random.NextInt(left--) < wanted)
                {
                    context[at++] = place;
                    wanted--;
                }
            }
        }

        return context;
    }
}

/// <summary>How <see cref="MultiBlockMask"/> draws its blocks; the defaults are the paper's.</summary>
public sealed record MultiBlockOptions
{
    /// <summary>Target blocks of each item.</summary>
    public int Targets { get; init; } = 4;

    /// <summary>A target's area as a share of the picture: the least and the most.</summary>
    public double MinTarget { get; init; } = 0.15;

    public double MaxTarget { get; init; } = 0.2;

    /// <summary>A target's height over its width: the least and the most.</summary>
    public double MinAspect { get; init; } = 0.75;

    public double MaxAspect { get; init; } = 1.5;

    /// <summary>The context's area as a share of the picture before the targets are taken out: the least and the most.</summary>
    public double MinContext { get; init; } = 0.85;

    public double MaxContext { get; init; } = 1;

    internal static OptionTable<MultiBlockOptions> Table { get; } = new OptionTable<MultiBlockOptions>()
        .Whole("targets", o => o.Targets, (o, v) => o with { Targets = (int)v }, new Interval(1, 64))
        .Real("min-target", o => o.MinTarget, (o, v) => o with { MinTarget = v }, new Interval(0, 0.5, OpenLow: true))
        .Real("max-target", o => o.MaxTarget, (o, v) => o with { MaxTarget = v }, new Interval(0, 0.5, OpenLow: true))
        .Real("min-aspect", o => o.MinAspect, (o, v) => o with { MinAspect = v }, new Interval(0.1, 10))
        .Real("max-aspect", o => o.MaxAspect, (o, v) => o with { MaxAspect = v }, new Interval(0.1, 10))
        .Real("min-context", o => o.MinContext, (o, v) => o with { MinContext = v }, new Interval(0.5, 1))
        .Real("max-context", o => o.MaxContext, (o, v) => o with { MaxContext = v }, new Interval(0.5, 1));

    /// <summary>Refuses ranges that are the wrong way round.</summary>
    /// <exception cref="TacitException">The least of something is above its most.</exception>
    public void Validate()
    {
        Order("target", MinTarget, MaxTarget);
        Order("aspect", MinAspect, MaxAspect);
        Order("context", MinContext, MaxContext);
    }

    private static void Order(string what, double low, double high)
    {
        if (low > high)
        {
            throw new TacitException($"The masks' blocks cannot be drawn: min-{what} is {low}, above max-{what}, {high}.");
        }
    }
}
