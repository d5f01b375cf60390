using Tacit.Data.Augment;
using Tacit.Data.Pictures;
using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>What a method needs to see of each picture: how many views, and how each is made.</summary>
public abstract class ViewPlan
{
    /// <summary>Views per item.</summary>
    public abstract int ViewCount { get; }

    /// <summary>The side of every view in pixels, where the loader is not told another.</summary>
    public abstract int Size { get; }

    /// <summary>Two random crops of each picture, the second with options of its own where given (BYOL's asymmetric pair).</summary>
    /// <exception cref="TacitException">An option is out of its range.</exception>
    public static ViewPlan TwoCrops(AugmentationOptions a, AugmentationOptions? b = null, int size = 32)
    {
        ArgumentNullException.ThrowIfNull(a);
        return new Crops([a, b ?? a], CheckSize(size));
    }

    /// <summary>
    /// The picture as evaluation sees it: its shorter side resized to the view's, then its middle. A picture of just that
    /// size is not touched.
    /// </summary>
    public static ViewPlan Single(int size) => new Middle(CheckSize(size));

    /// <summary>Makes one view as [side, side, 3], normalised. Called from many threads at once.</summary>
    internal abstract unsafe void Render(Picture picture, int view, int side, Normalization normalization, ref RandomSequence random, float* output);

    internal static int CheckSize(int size) =>
        size is >= 4 and <= 1024 ? size : throw new TacitException($"A view's side must lie within 4 and 1024 pixels, not {size}.");

    private sealed class Crops : ViewPlan
    {
        private readonly AugmentationOptions[] views;

        public Crops(AugmentationOptions[] views, int size)
        {
            foreach (AugmentationOptions options in views)
            {
                options.Validate();
            }

            this.views = views;
            Size = size;
        }

        public override int ViewCount => views.Length;

        public override int Size { get; }

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
