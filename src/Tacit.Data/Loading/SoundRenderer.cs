using Tacit.Data.Features;
using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>Turns samples into what an encoder of sound takes: samples, frames or a log-mel picture. Threads may share one.</summary>
internal sealed unsafe class SoundRenderer
{
    private readonly SoundInput input;
    private readonly SoundFeatures? features;

    public SoundRenderer(SoundInput input)
    {
        this.input = input;
        features = input.Form switch
        {
            SoundForm.Wave => null,
            SoundForm.Frames => Fbank(input),
            _ => LogMel(input),
        };
    }

    /// <summary>Samples from one step of the views' time axis to the next.</summary>
    public int Hop => features?.Shift ?? 1;

    /// <summary>How long a view of so many samples is along time; sound too short for one frame is padded to one.</summary>
    public int Length(int samples) => features is null ? samples : Math.Max(1, features.Frames(samples));

    /// <summary>The shape of so many views of one length.</summary>
    public Shape Shape(int count, int length) => input.Form switch
    {
        SoundForm.Wave => new Shape(count, length),
        SoundForm.Frames => new Shape(count, length, input.Width),
        _ => new Shape(count, length, input.Width, 1),
    };

    /// <summary>A length rounded up to one of few, so that memory for batches settles.</summary>
    public static int Rounded(int length, SoundForm form)
    {
        int unit = form == SoundForm.Wave ? 8000 : 64;
        return (length + unit - 1) / unit * unit;
    }

    /// <summary>Writes one view, normalised, zeros behind its end. Returns its length along time.</summary>
    /// <param name="samples">One channel.</param>
    /// <param name="view">[T] or [T, F], T at least the view's length.</param>
    public int Write(ReadOnlySpan<float> samples, Span<float> view)
    {
        if (features is null)
        {
            int kept = Math.Min(samples.Length, view.Length);
            samples[..kept].CopyTo(view);
            view[kept..].Clear();
            if (input.Normalize)
            {
                Normalise(view[..kept]);
            }

            return kept;
        }

        int least = Least(features), length = Math.Min(Length(samples.Length), view.Length / input.Width);
        Span<float> frames = view[..(length * input.Width)];
        using Scratch padded = Scratch.Rent(Math.Max(1, samples.Length < least ? least : 0));
        if (samples.Length < least)
        {
            var longer = new Span<float>(padded.Data, least);
            longer.Clear();
            samples.CopyTo(longer);
            samples = longer;
        }

        Frames(samples, frames, length);
        view[frames.Length..].Clear();
        return length;
    }

    private static SoundFeatures Fbank(SoundInput input)
    {
        var fbank = new KaldiFbank(new KaldiFbankOptions { SampleFrequency = input.Rate, NumMelBins = input.Mels });
        return input.Deltas > 0 ? new WithDeltas(fbank, input.Deltas) : fbank;
    }

    private static LogMel LogMel(SoundInput input) =>
        new(MelSpectrogramOptions.ByolA with { SampleRate = input.Rate, NMels = input.Mels, FMax = Math.Min(7800, input.Rate / 2) });

    private static int Least(SoundFeatures features)
    {
        int least = features.Shift;
        while (features.Frames(least) == 0)
        {
            least += features.Shift;
        }

        return least;
    }

    private static void Normalise(Span<float> samples)
    {
        double sum = 0, squares = 0;
        foreach (float x in samples)
        {
            sum += x;
            squares += (double)x * x;
        }

        double mean = sum / samples.Length, variance = Math.Max(0, (squares / samples.Length) - (mean * mean));
        float scale = (float)(1 / Math.Sqrt(variance + 1e-7)), shift = (float)mean;
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (samples[i] - shift) * scale;
        }
    }

    /// <summary>So many frames, normalised.</summary>
    private void Frames(ReadOnlySpan<float> samples, Span<float> frames, int length)
    {
        int count = features!.Frames(samples.Length) * input.Width;
        using Scratch all = Scratch.Rent(count);
        var found = new Span<float>(all.Data, count);
        features.Write(samples, found);
        found[..frames.Length].CopyTo(frames);
        if (input.Form == SoundForm.Picture)
        {
            float scale = 1 / input.Deviation;
            for (int i = 0; i < frames.Length; i++)
            {
                frames[i] = (frames[i] - input.Mean) * scale;
            }
        }
        else if (input.Normalize)
        {
            Cmvn.Apply(frames, length, input.Width);
        }
    }
}
