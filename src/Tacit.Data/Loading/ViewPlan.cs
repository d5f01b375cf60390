using Tacit.Data.Augment;
using Tacit.Data.Pictures;
using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>What a method needs to see of each picture: how many views, and how each is made.</summary>
public abstract class ViewPlan
{
    /// <summary>Views of the full side per item.</summary>
    public abstract int ViewCount { get; }

    /// <summary>Smaller views per item besides, as multi-crop has them.</summary>
    public virtual int LocalCount => 0;

    /// <summary>The side of every view in pixels, where the loader is not told another.</summary>
    public abstract int Size { get; }

    /// <summary>One random crop of each picture.</summary>
    /// <exception cref="TacitException">An option is out of its range.</exception>
    public static ViewPlan Crop(AugmentationOptions options, int size = 32) => Crops([options], size);

    /// <summary>Two random crops of each picture, made alike.</summary>
    /// <exception cref="TacitException">An option is out of its range.</exception>
    public static ViewPlan TwoCrops(AugmentationOptions options, int size = 32) => Crops([options, options], size);

    /// <summary>One random crop of each picture for each of the options.</summary>
    /// <exception cref="TacitException">An option is out of its range, or there is none.</exception>
    public static ViewPlan Crops(IReadOnlyList<AugmentationOptions> views, int size = 32) => new RandomCrops(views, null, 0, 0, CheckSize(size));

    /// <summary>Random crops of the full side, and several smaller ones of a smaller part of the picture.</summary>
    /// <param name="globals">One for each view of the full side.</param>
    /// <param name="locals">Of all the smaller ones.</param>
    /// <param name="localCount">How many smaller ones an item has; 0 for none.</param>
    /// <param name="localShare">Their side as a share of the full one, rounded to a multiple of 4.</param>
    /// <param name="size">The full side, where the loader is not told another.</param>
    /// <remarks>Caron et al. 2020, arXiv:2006.09882, section 3.3.</remarks>
    /// <exception cref="TacitException">An option is out of its range.</exception>
    public static ViewPlan MultiCrop(IReadOnlyList<AugmentationOptions> globals, AugmentationOptions locals, int localCount, double localShare, int size = 32)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(localCount);
        return localShare is > 0 and <= 1
            ? new RandomCrops(globals, locals, localCount, localShare, CheckSize(size))
            : throw new TacitException($"The side of the small crops must be above 0 and at most 1 of the full side, not {localShare}.");
    }

    /// <summary>The side of the smaller views where the others have this side.</summary>
    public virtual int LocalSide(int side) => side;

    /// <summary>
    /// The picture as evaluation sees it: its shorter side resized to the view's, then its middle. A picture of just that
    /// size is not touched.
    /// </summary>
    public static ViewPlan Single(int size) => new Middle(CheckSize(size));

    /// <summary>Makes one view as [side, side, 3], normalised. Called from many threads at once.</summary>
    /// <param name="view">From 0; those from <see cref="ViewCount"/> on are the smaller ones, with their side.</param>
    internal abstract unsafe void Render(Picture picture, int view, int side, Normalization normalization, ref RandomSequence random, float* output);

    internal static int CheckSize(int size) =>
        size is >= 4 and <= 1024 ? size : throw new TacitException($"A view's side must lie within 4 and 1024 pixels, not {size}.");

    private sealed class RandomCrops : ViewPlan
    {
        private readonly AugmentationOptions[] views;
        private readonly double localShare;

        public RandomCrops(IReadOnlyList<AugmentationOptions> globals, AugmentationOptions? locals, int localCount, double localShare, int size)
        {
            ArgumentOutOfRangeException.ThrowIfZero(globals.Count);
            views = [.. globals, .. Enumerable.Repeat(locals!, localCount)];
            foreach (AugmentationOptions options in views)
            {
                options.Validate();
            }

            ViewCount = globals.Count;
            this.localShare = localShare;
            Size = size;
        }

        public override int ViewCount { get; }

        public override int LocalCount => views.Length - ViewCount;

        public override int Size { get; }

        public override int LocalSide(int side) => Math.Min(side, Math.Max(8, 4 * (int)Math.Round(side * localShare / 4)));

        internal override unsafe void Render(Picture picture, int view, int side, Normalization normalization, ref RandomSequence random, float* output) =>
            DrawnView.Draw(picture.Width, picture.Height, views[view], ref random).Render(picture, side, views[view], normalization, output);
    }

    private sealed class Middle(int size) : ViewPlan
    {
        public override int ViewCount => 1;

        public override int Size => size;

        internal override unsafe void Render(Picture picture, int view, int side, Normalization normalization, ref RandomSequence random, float* output)
        {
            // torchvision's Resize(side) and CenterCrop(side); only the pixels that the crop keeps are computed.
            int width = picture.Width <= picture.Height ? side : (int)((long)side * picture.Width / picture.Height);
            int height = picture.Width <= picture.Height ? (int)((long)side * picture.Height / picture.Width) : side;
            int left = (int)Math.Round((width - side) / 2.0), top = (int)Math.Round((height - side) / 2.0);
            using Scratch scratch = Scratch.Rent(Canvas.Floats(side, side));
            var canvas = new Canvas(scratch.Data, side, side);
            Resize.Run(picture, new CropBox(0, 0, picture.Width, picture.Height), width, height, left, top, Interpolation.Bilinear, canvas);
            ViewWriter.Write(canvas, flip: false, turns: 0, normalization, output);
        }
    }
}
