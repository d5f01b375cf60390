using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// Keeps a network from telling where in a picture a patch was by the colours that a lens splits at the edges (chromatic
/// aberration).
/// </summary>
/// <remarks>Doersch et al. 2015, arXiv:1505.05192, section 3.1.</remarks>
public enum ColourGuard
{
    None,

    /// <summary>Two of the three channels, drawn for each patch, become noise of a hundredth of the third's deviation.</summary>
    Drop,

    /// <summary>Green against magenta is taken out: each pixel's part along (−1, 2, −1).</summary>
    Project,
}

/// <summary>How a guard is put on.</summary>
public static class ColourGuards
{
    private const float NoiseShare = 0.01f;

    /// <summary>Changes patches in place.</summary>
    /// <param name="patches">[N, H, W, 3], normalised.</param>
    /// <param name="guard">What is done.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="stream">Of this call.</param>
    /// <param name="step">The optimiser's step.</param>
    public static void Apply(Tensor patches, ColourGuard guard, ulong seed, ulong stream, long step)
    {
        if (patches.Rank != 4 || patches.Shape[3] != 3)
        {
            throw ShapeException.Unfit("ColourGuards", patches.Shape, "it takes patches [N, H, W, 3]");
        }

        if (guard != ColourGuard.None)
        {
            var body = new Body(patches, guard, seed, stream, step);
            WorkerPool.Shared.For(patches.Shape[0], ref body);
        }
    }

    private readonly unsafe struct Body(Tensor patches, ColourGuard guard, ulong seed, ulong stream, long step) : IBlockBody
    {
        public void Invoke(int patch)
        {
            int pixels = patches.Shape[1] * patches.Shape[2];
            float* x = patches.Data + ((long)patch * pixels * 3);
            if (guard == ColourGuard.Project)
            {
                Project(x, pixels);
            }
            else
            {
                Drop(x, pixels, new RandomSequence(seed, Philox.Mix(stream, (ulong)patch), step));
            }
        }

        /// <summary>x − a (a·x) / (a·a) with a = (−1, 2, −1).</summary>
        private static void Project(float* x, int pixels)
        {
            for (float* end = x + (3 * pixels); x < end; x += 3)
            {
                float part = ((2 * x[1]) - x[0] - x[2]) / 6;
                x[0] += part;
                x[1] -= 2 * part;
                x[2] += part;
            }
        }

        private static void Drop(float* x, int pixels, RandomSequence random)
        {
            int kept = random.NextInt(3);
            double sum = 0, square = 0;
            for (int i = 0; i < pixels; i++)
            {
                sum += x[(3 * i) + kept];
                square += (double)x[(3 * i) + kept] * x[(3 * i) + kept];
            }

            double mean = sum / pixels;
            float noise = NoiseShare * (float)Math.Sqrt(Math.Max(0, (square / pixels) - (mean * mean)));
            for (int i = 0; i < 3 * pixels; i++)
            {
                if (i % 3 != kept)
                {
                    x[i] = noise * random.NextNormal();
                }
            }
        }
    }
}
