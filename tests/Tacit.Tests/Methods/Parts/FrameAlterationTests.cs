using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class FrameAlterationTests
{
    private const int Items = 3000, Frames = 30, Width = 12;

    /// <summary>Each item is of one kind as a whole: 80 % zeros, 10 % other frames of the item, 10 % as they were.</summary>
    [Fact]
    public void SpansOfAnItemShareOneFate()
    {
        int[] lengths = [.. Enumerable.Range(0, Items).Select(n => 20 + (n % 11))];
        (Tensor frames, AlteredFrames altered) = Alter(new FrameAlteration(0.5, 4, Width), lengths);
        int zeroed = 0, replaced = 0, kept = 0;
        for (int n = 0; n < Items; n++)
        {
            int[] hidden = [.. Enumerable.Range(0, Frames).Where(t => At(altered.Mask, n, t)[0] == 1)];
            Assert.All(hidden, t => Assert.True(t < lengths[n]));
            Assert.All(hidden, t => Assert.Equal(Enumerable.Repeat(1f, Width), At(altered.Mask, n, t).ToArray()));
            Assert.All(Enumerable.Range(0, Frames).Except(hidden), t => Assert.Equal(At(frames, n, t).ToArray(), At(altered.Input, n, t).ToArray()));
            bool same = hidden.All(t => At(frames, n, t).SequenceEqual(At(altered.Input, n, t)));
            if (hidden.All(t => At(altered.Input, n, t).IndexOfAnyExcept(0) < 0))
            {
                zeroed++;
            }
            else if (same)
            {
                kept++;
            }
            else
            {
                // Every frame is one of the item's own.
                Assert.All(hidden, t => Assert.Contains(Enumerable.Range(0, lengths[n]), s => At(frames, n, s).SequenceEqual(At(altered.Input, n, t))));
                replaced++;
            }
        }

        Assert.Equal(0.8, zeroed / (double)Items, 0.03);
        Assert.Equal(0.1, replaced / (double)Items, 0.02);
        Assert.Equal(0.1, kept / (double)Items, 0.02);
    }

    /// <summary>6 bins and their differences: a band of 0 to 3 bins, each width as likely, is 0 in both halves at every real frame.</summary>
    [Fact]
    public void ABandOfFrequenciesIsZeroInItsDifferencesToo()
    {
        int[] lengths = [.. Enumerable.Repeat(Frames - 2, Items)], widths = new int[4];
        (Tensor frames, AlteredFrames altered) = Alter(new FrameAlteration(1e-9, 1, 6, band: 0.5), lengths);
        for (int n = 0; n < Items; n++)
        {
            // One frame of each item is hidden along time; the band is seen in the others.
            int seen = At(altered.Mask, n, 0).Contains(0) ? 0 : 1;
            float[] mask = At(altered.Mask, n, seen).ToArray();
            int wide = mask.Count(m => m == 1) / 2, low = Array.IndexOf(mask, 1);
            widths[wide]++;
            Assert.Equal(mask[..6], mask[6..]);
            Assert.True(wide == 0 || mask.AsSpan(low, wide).IndexOfAnyExcept(1) < 0);
            Assert.Equal(mask.Zip(At(frames, n, seen).ToArray(), (m, x) => m == 1 ? 0 : x), At(altered.Input, n, seen).ToArray());
            Assert.Equal(Enumerable.Repeat(0f, 2 * Width), At(altered.Mask, n, Frames - 2, 2).ToArray());
            Assert.Equal(At(frames, n, Frames - 2, 2).ToArray(), At(altered.Input, n, Frames - 2, 2).ToArray());
        }

        Assert.All(widths, count => Assert.Equal(0.25, count / (double)Items, 0.03));
    }

    [Fact]
    public void NoiseIsInAllOfAnItemOrInNothing()
    {
        int[] lengths = [.. Enumerable.Repeat(Frames - 2, Items)];
        (Tensor frames, AlteredFrames altered) = Alter(new FrameAlteration(1e-9, 1, Width, noise: 0.15, deviation: 0.2), lengths);
        double sum = 0, squares = 0;
        int noisy = 0, count = 0;
        for (int n = 0; n < Items; n++)
        {
            if (At(altered.Mask, n, 0, Frames - 2).IndexOfAnyExcept(1) >= 0)
            {
                continue;
            }

            noisy++;
            Assert.Equal(Enumerable.Repeat(0f, 2 * Width), At(altered.Mask, n, Frames - 2, 2).ToArray());
            Assert.Equal(At(frames, n, Frames - 2, 2).ToArray(), At(altered.Input, n, Frames - 2, 2).ToArray());
            for (int t = 0; t < Frames - 2; t++)
            {
                for (int f = 0; f < Width; f++)
                {
                    // The one frame hidden along time is further off.
                    double added = At(altered.Input, n, t)[f] - At(frames, n, t)[f];
                    (sum, squares, count) = Math.Abs(added) < 1.2 ? (sum + added, squares + (added * added), count + 1) : (sum, squares, count);
                }
            }
        }

        Assert.Equal(0.15, noisy / (double)Items, 0.02);
        Assert.Equal(0, sum / count, 0.005);
        Assert.InRange(Math.Sqrt(squares / count), 0.195, 0.25);
    }

    [Fact]
    public void WhatIsVisibleIsTheRealRest()
    {
        int[] lengths = [.. Enumerable.Range(0, Items).Select(n => 1 + (n % Frames))];
        (_, AlteredFrames altered) = Alter(new FrameAlteration(0.3, 4, 6, band: 0.2), lengths);
        Tensor visible = altered.Visible(lengths);
        for (int n = 0; n < Items; n++)
        {
            for (int t = 0; t < Frames; t++)
            {
                Assert.Equal(At(altered.Mask, n, t).ToArray().Select(m => t < lengths[n] ? 1 - m : 0), At(visible, n, t).ToArray());
            }
        }
    }

    private static ReadOnlySpan<float> At(Tensor x, int item, int frame, int count = 1) => x.Span.Slice(((item * Frames) + frame) * Width, count * Width);

    private static (Tensor Frames, AlteredFrames Altered) Alter(FrameAlteration alteration, int[] lengths)
    {
        Tensor frames = Tensor.Lasting(new Shape(Items, Frames, Width));
        Philox.FillNormal(frames.Span, 1, 2, 3);
        foreach (ref float x in frames.Span)
        {
            x += x < 0 ? -2 : 2;        // none near 0
        }

        var random = new RandomSequence(1, 2, 3);
        return (frames, alteration.Draw(frames, lengths, ref random));
    }
}
