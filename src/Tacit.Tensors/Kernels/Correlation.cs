using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// Where a convolution reads and writes, in one form for its forward pass and for each phase of its input gradient: an
/// output grid of rows × columns, each place reading, at every kernel row, <see cref="Inner"/> consecutive numbers of a
/// zero-padded source. A kernel row of a dense convolution is consecutive in memory (columns × channels), so a tap is
/// a whole kernel row and the inner loop is long even for three channels.
/// </summary>
internal readonly record struct CorrelationGrid
{
    public required int Batch { get; init; }

    /// <summary>The source's height, width and channels (all groups).</summary>
    public required int Height { get; init; }

    public required int Width { get; init; }

    public required int Channels { get; init; }

    /// <summary>Zeros before the first row and column; may be negative (rows that are never read).</summary>
    public required int Top { get; init; }

    public required int Left { get; init; }

    /// <summary>Output places in this grid.</summary>
    public required int Rows { get; init; }

    public required int Columns { get; init; }

    /// <summary>Source rows and columns between neighbouring output places.</summary>
    public required int Stride { get; init; }

    /// <summary>Kernel rows and columns that this grid uses, and the source places between them.</summary>
    public required int KernelRows { get; init; }

    public required int KernelColumns { get; init; }

    public required int Dilation { get; init; }

    /// <summary>The groups of channels; each output channel sees Channels / Groups inputs.</summary>
    public required int Groups { get; init; }

    /// <summary>Keep kernel columns apart even where they are neighbours in memory.</summary>
    public bool Split { get; init; }

    public int GroupChannels => Channels / Groups;

    /// <summary>Kernel columns are read in one run where they are neighbours in memory.</summary>
    public bool Merged => Groups == 1 && Dilation == 1 && !Split;

    /// <summary>Whether each output lies in the middle of the three places it reads of a row, and a row has as many outputs as places.</summary>
    public bool KeepsWidth => Merged && Stride == 1 && KernelColumns == 3 && Left == 1 && Columns == Width;

    public int TapCount => Merged ? KernelRows : KernelRows * KernelColumns;

    /// <summary>Numbers read at a tap.</summary>
    public int Inner => Merged ? KernelColumns * Channels : GroupChannels;

    public int Depth => KernelRows * KernelColumns * GroupChannels;

    /// <summary>Source rows and columns that one band of output rows needs.</summary>
    public int BandRows(int outputRows) => ((outputRows - 1) * Stride) + ((KernelRows - 1) * Dilation) + 1;

    public int BandColumns => ((Columns - 1) * Stride) + ((KernelColumns - 1) * Dilation) + 1;

    /// <summary>Whether every read lies inside the source, so that nothing needs to be copied.</summary>
    public bool Inside => Top <= 0 && Left <= 0 && BandRows(Rows) - Top <= Height && BandColumns - Left <= Width;

    /// <summary>Offsets of the taps from an output place's first number, for rows of <paramref name="width"/> places.</summary>
    public void Taps(Span<nint> taps, int width)
    {
        for (int r = 0, t = 0; r < KernelRows; r++)
        {
            for (int c = 0; c < (Merged ? 1 : KernelColumns); c++)
            {
                taps[t++] = (((nint)r * Dilation * width) + (c * Dilation)) * Channels;
            }
        }
    }
}

/// <summary>
/// One block of output places and the source they need: several small images, or a band of rows of a large one.
/// The source is copied with its zero border into scratch memory, where it stays in the second cache for all taps and
/// all panels; a source that needs no border is read in place.
/// </summary>
internal readonly unsafe struct Bands
{
    private const int Places = 512;         // output places a block aims at

    private readonly CorrelationGrid grid;

    public Bands(CorrelationGrid grid)
    {
        this.grid = grid;
        int perImage = grid.Rows * grid.Columns;
        if (perImage <= Places)
        {
            Images = Math.Clamp(Places / Math.Max(1, perImage), 1, grid.Batch);
            Rows = grid.Rows;
            BlocksPerImage = 1;
            Count = (grid.Batch + Images - 1) / Images;
        }
        else
        {
            Images = 1;
            Rows = Math.Clamp(Places / grid.Columns, 1, grid.Rows);
            BlocksPerImage = (grid.Rows + Rows - 1) / Rows;
            Count = grid.Batch * BlocksPerImage;
        }
    }

    /// <summary>Images and output rows of one block.</summary>
    public int Images { get; }

    public int Rows { get; }

    public int Count { get; }

    public int BlocksPerImage { get; }

    public int MaxPlaces => Images * Rows * grid.Columns;

    /// <summary>Floats of scratch a block's copy takes.</summary>
    public int ScratchLength => grid.Inside ? 0 : Images * grid.BandRows(Rows) * grid.BandColumns * grid.Channels;

    /// <summary>Places per source row as the taps see it.</summary>
    public int TapWidth => grid.Inside ? grid.Width : grid.BandColumns;

    /// <summary>Which images and output rows a block has.</summary>
    public (int Image, int Images, int Row, int Rows) Extent(int block)
    {
        int image = BlocksPerImage == 1 ? block * Images : block / BlocksPerImage;
        int row = BlocksPerImage == 1 ? 0 : block % BlocksPerImage * Rows;
        return (image, Math.Min(Images, grid.Batch - image), row, Math.Min(Rows, grid.Rows - row));
    }

    /// <summary>Fills a pointer per output place of the block, copying the source with its border where it needs one.</summary>
    /// <returns>How many places the block has.</returns>
    [SkipLocalsInit]
    public int Prepare(int block, float* source, float* scratch, float** places)
    {
        var (image, images, row, rows) = Extent(block);
        int bandRows = grid.BandRows(rows), bandColumns = grid.BandColumns, channels = grid.Channels;
        nint imageLength = (nint)grid.Height * grid.Width * channels;
        int count = 0;
        for (int i = 0; i < images; i++)
        {
            float* picture = source + ((image + i) * imageLength);
            float* first;
            nint line;
            if (grid.Inside)
            {
                first = picture + (((((nint)row * grid.Stride) - grid.Top) * grid.Width) - grid.Left) * channels;
                line = (nint)grid.Width * channels;
            }
            else
            {
                first = scratch + ((nint)i * bandRows * bandColumns * channels);
                line = (nint)bandColumns * channels;
                Copy(picture, (row * grid.Stride) - grid.Top, bandRows, bandColumns, first);
            }

            for (int y = 0; y < rows; y++)
            {
                float* p = first + (y * grid.Stride * line);
                for (int x = 0; x < grid.Columns; x++, p += grid.Stride * channels)
                {
                    places[count++] = p;
                }
            }
        }

        return count;
    }

    private void Copy(float* picture, int firstRow, int bandRows, int bandColumns, float* target)
    {
        int channels = grid.Channels;
        int from = Math.Clamp(grid.Left, 0, bandColumns);
        int to = Math.Clamp(grid.Width + grid.Left, from, bandColumns);
        for (int r = 0; r < bandRows; r++, target += (nint)bandColumns * channels)
        {
            int y = firstRow + r;
            if ((uint)y >= (uint)grid.Height)
            {
                new Span<float>(target, bandColumns * channels).Clear();
                continue;
            }

            new Span<float>(target, from * channels).Clear();
            float* line = picture + ((((nint)y * grid.Width) + from - grid.Left) * channels);
            new ReadOnlySpan<float>(line, (to - from) * channels).CopyTo(new Span<float>(target + (from * channels), (to - from) * channels));
            new Span<float>(target + (to * channels), (bandColumns - to) * channels).Clear();
        }
    }
}
