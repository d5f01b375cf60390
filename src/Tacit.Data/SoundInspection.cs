using Tacit.Data.Forms;
using Tacit.Data.Sounds;
using Tacit.Tensors;

namespace Tacit.Data;

/// <summary>Listens to every recording of a data set, on all threads, a piece at a time.</summary>
internal static class SoundInspection
{
    /// <summary>Share of samples at full scale from which on a recording counts as clipped.</summary>
    private const double ClippedShare = 1e-3;

    /// <summary>The receptive field of wav2vec 2.0's convolutions and of an FBANK frame.</summary>
    private const double ReceptiveSeconds = 0.025;

    public static SoundSummary Of(SoundDataset dataset)
    {
        Heard?[] all = ListenToAll(dataset);
        int[] usable = [.. Enumerable.Range(0, dataset.Count).Where(i => all[i] is not null)];
        (int Item, Heard Heard)[] heard = [.. usable.Select(i => (i, all[i]!))];
        string[] Names(Func<Heard, bool> are) => [.. heard.Where(h => are(h.Heard)).Select(h => dataset.Names[h.Item])];
        (T Value, int Count)[] Common<T>(Func<Heard, T> of) =>
            [.. heard.GroupBy(h => of(h.Heard)).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => (g.Key, g.Count()))];
        return new SoundSummary
        {
            Path = dataset.Path,
            Form = dataset.Form,
            Items = usable.Length,
            Seconds = heard.Sum(h => h.Heard.Seconds),
            Lengths = LengthSpread.Of([.. heard.Select(h => h.Heard.Seconds)]),
            Formats = Common(h => h.Info.Format),
            Rates = Common(h => h.Info.Rate),
            Channels = Common(h => h.Info.Channels),
            Bits = Common(h => h.Info.Bits),
            ReadRate = dataset.Rate,
            Classes = [.. dataset.Classes.Select((name, c) => heard.Where(h => dataset.Labels![h.Item] == c).ToArray() is var own
                ? (name, own.Length, own.Sum(h => h.Heard.Seconds)) : default)],
            Unlabelled = dataset.Labels is { } labels ? usable.Count(i => labels[i] < 0) : 0,
            Speakers = [.. dataset.SpeakerNames.Select((name, s) => (name, usable.Count(i => dataset.Speakers![i] == s)))],
            Transcripts = dataset.Texts is { } texts ? usable.Count(i => texts[i] is not null) : 0,
            Bytes = usable.Sum(i => dataset.Items.Length(i)),
            Silent = Names(h => h.Rms < SoundCheck.SilenceRms),
            Clipped = [.. heard.Where(h => h.Heard.Clipped >= ClippedShare).Select(h => (dataset.Names[h.Item], h.Heard.Clipped))],
            TooShort = Names(h => h.Seconds < ReceptiveSeconds),
            Odd = [.. heard.Where(h => h.Heard.Odd.Length > 0).Select(h => new BrokenItem(dataset.Names[h.Item], h.Heard.Odd))],
            Broken = dataset.Broken,
            Ignored = dataset.Ignored,
            Warnings = dataset.Warnings,
        };
    }

    private static Heard?[] ListenToAll(SoundDataset dataset)
    {
        var body = new Body { Dataset = dataset, Heard = new Heard?[dataset.Count] };
        WorkerPool.Shared.For(dataset.Count, ref body);
        return body.Heard;
    }

    /// <summary>What one recording is like.</summary>
    private static Heard Listen(SoundItems items, int item)
    {
        SoundInfo info = items.Identify(item);
        long samples = 0;
        double squares = 0, clipped = 0, low = double.MaxValue, high = double.MinValue;
        IReadOnlyList<string> odd = items.Listen(item, piece =>
        {
            samples += piece.Length;
            squares += SoundCheck.Rms(piece) is var rms ? rms * rms * piece.Length : 0;
            clipped += SoundCheck.ClippedShare(piece, info.Bits) * piece.Length;
            foreach (float sample in piece)
            {
                (low, high) = (Math.Min(low, sample), Math.Max(high, sample));
            }
        });
        return samples == 0 ? throw new SoundException("It holds no sound.")
            : low == high && samples > 1 ? throw new SoundException("It is silent: all its samples are the same.")
            : new Heard(info, (double)samples / info.Channels / info.Rate, Math.Sqrt(squares / samples), clipped / samples, string.Join(' ', odd));
    }

    private struct Body : IBlockBody
    {
        public SoundDataset Dataset;
        public Heard?[] Heard;

        public readonly void Invoke(int block)
        {
            SoundItems items = Dataset.Items;
            Heard[block] = Dataset.Try(block, i => Listen(items, i));
        }
    }

    /// <summary>One recording that can be used.</summary>
    private sealed record Heard(SoundInfo Info, double Seconds, double Rms, double Clipped, string Odd);
}
