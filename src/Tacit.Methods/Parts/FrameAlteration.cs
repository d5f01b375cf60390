using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Frames that were changed, and which of their numbers must be told.</summary>
/// <param name="Input">[N, T, F], what the encoder sees.</param>
/// <param name="Mask">[N, T, F], 1 where something was changed, or stands for what was; 0 elsewhere and in padding.</param>
internal sealed record AlteredFrames(Tensor Input, Tensor Mask)
{
    /// <summary>[N, T, F], 1 at the real numbers that the mask leaves out.</summary>
    public Tensor Visible(int[] lengths)
    {
        Tensor rest = Tensor.Zeros(Mask.Shape);
        int width = Mask.Shape[2], row = Mask.Shape[1] * width;
        for (int item = 0; item < lengths.Length; item++)
        {
            for (int i = item * row; i < (item * row) + (lengths[item] * width); i++)
            {
                rest.Span[i] = 1 - Mask.Span[i];
            }
        }

        return rest;
    }
}

/// <summary>Changes frames along time, along frequency and in magnitude, for methods that tell what was there before.</summary>
/// <remarks>
/// Liu et al. 2020 (Mockingjay), arXiv:1910.12638, section 2.2; Liu, Li and Lee 2021 (TERA), arXiv:2007.06028, section III-B. What becomes of the
/// spans is decided once for each item.
/// </remarks>
internal sealed class FrameAlteration(double maskRatio, int span, int mels, double band = 0, double noise = 0, double deviation = 0)
{
    private const float Zeroed = 0.8f, Replaced = 0.9f;

    /// <param name="frames">[N, T, F], F a multiple of the mel bins: those, then their differences over time.</param>
    /// <param name="lengths">Real frames of each item.</param>
    /// <param name="random">Draws spans, bands and noise.</param>
    public AlteredFrames Draw(Tensor frames, int[] lengths, ref RandomSequence random)
    {
        var altered = new AlteredFrames(Tensor.Empty(frames.Shape), Tensor.Zeros(frames.Shape));
        frames.Span.CopyTo(altered.Input.Span);
        Time(altered, frames, lengths, ref random);
        for (int item = 0; item < lengths.Length && (band > 0 || noise > 0); item++)
        {
            Frequency(altered, item, lengths[item], ref random);
            Magnitude(altered, item, lengths[item], ref random);
        }

        return altered;
    }

    /// <summary>Spans become zeros (8 of 10 items), other frames of their item (1 of 10), or stay (1 of 10).</summary>
    private void Time(AlteredFrames altered, Tensor frames, int[] lengths, ref RandomSequence random)
    {
        int count = frames.Shape[1], width = frames.Shape[2], last = -1;
        float choice = 0;
        foreach (FrameSpan hidden in FrameSpans.Draw(lengths, maskRatio, span, ref random))
        {
            choice = hidden.Item == last ? choice : random.NextUniform();
            last = hidden.Item;
            int first = ((hidden.Item * count) + hidden.Start) * width, numbers = hidden.Length * width;
            altered.Mask.Span.Slice(first, numbers).Fill(1);
            if (choice < Zeroed)
            {
                altered.Input.Span.Slice(first, numbers).Clear();
            }
            else if (choice < Replaced)
            {
                int other = random.NextInt(lengths[hidden.Item] - hidden.Length + 1);
                frames.Span.Slice(((hidden.Item * count) + other) * width, numbers).CopyTo(altered.Input.Span.Slice(first, numbers));
            }
        }
    }

    /// <summary>A band of mel bins, of any width from 0 to its largest, becomes zeros, in the differences over time too.</summary>
    private void Frequency(AlteredFrames altered, int item, int length, ref RandomSequence random)
    {
        int wide = random.NextInt((int)(band * mels) + 1), low = random.NextInt(mels - wide + 1), width = altered.Input.Shape[2];
        for (int t = 0; wide > 0 && t < length; t++)
        {
            for (int bin = low; bin < width; bin += mels)
            {
                int first = (((item * altered.Input.Shape[1]) + t) * width) + bin;
                altered.Input.Span.Slice(first, wide).Clear();
                altered.Mask.Span.Slice(first, wide).Fill(1);
            }
        }
    }

    /// <summary>Some items have noise in all their numbers.</summary>
    private void Magnitude(AlteredFrames altered, int item, int length, ref RandomSequence random)
    {
        if (random.NextUniform() >= noise)
        {
            return;
        }

        int width = altered.Input.Shape[2], first = item * altered.Input.Shape[1] * width, numbers = length * width;
        altered.Mask.Span.Slice(first, numbers).Fill(1);
        foreach (ref float number in altered.Input.Span.Slice(first, numbers))
        {
            number += (float)deviation * random.NextNormal();
        }
    }
}
