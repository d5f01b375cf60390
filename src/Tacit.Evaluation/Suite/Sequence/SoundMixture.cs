using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>A recording that was put together, and who speaks when.</summary>
/// <param name="Samples">At the rate of its parts.</param>
/// <param name="Spoken">For each speaker, for each block of 10 ms, whether they speak (<see cref="SpeechActivity"/> of the parts).</param>
internal sealed record SoundMixture(float[] Samples, bool[][] Spoken)
{
    /// <summary>The mixtures as recordings, in their order.</summary>
    public static SoundDataset ToSounds(string name, IReadOnlyList<SoundMixture> mixtures, int rate) => SoundDataset.Of(name, [.. mixtures.Select(m => m.Samples)], rate);

    /// <summary>
    /// Speech with silence between, under noise. The recipe: pieces of 0.8 to 2.5 s of utterances of the set, drawn one after the other, and
    /// pauses of 0.3 to 1.5 s before each, for 8 s; all under white, pink or brown noise, −5 to 15 dB below the whole's power.
    /// </summary>
    /// <param name="speech">Utterances of clean speech.</param>
    /// <param name="items">Those that may be used.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Of all draws.</param>
    public static IReadOnlyList<SoundMixture> Noisy(SoundDataset speech, IReadOnlyList<int> items, int count, ulong seed)
    {
        var pieces = new SpeechPieces(speech);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var random = new RandomSequence(seed, Philox.Hash("speech under noise"), i);
            var mixture = new SoundMixture(new float[8 * speech.Rate], [new bool[8 * SpeechActivity.Rate]]);
            for (double at = random.NextUniform(0.3f, 1.5f); at < 8;)
            {
                at += mixture.Put(pieces.Draw(items[random.NextInt(items.Count)], random.NextUniform(0.8f, 2.5f), ref random), 0, at, 1, speech.Rate);
                at += random.NextUniform(0.3f, 1.5f);
            }

            float[] noise = new float[mixture.Samples.Length];
            ColouredNoise.Fill(noise, (NoiseColour)random.NextInt(3), ref random);
            MixNoise.AtSnr(mixture.Samples, noise, random.NextUniform(-5, 15));
            return mixture;
        })];
    }

    /// <summary>
    /// Two speakers in turns that overlap. The recipe: two of the speakers are drawn; for 12 s they take turns of 1.5 to 4 s, pieces of their
    /// utterances; a turn begins between 1.5 s before and 0.5 s after the end of the one before; the second speaker is up to 5 dB louder or
    /// softer than recorded.
    /// </summary>
    /// <param name="speech">Utterances of clean speech with speakers.</param>
    /// <param name="speakers">Of each speaker the utterances that may be used; at least two.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Of all draws.</param>
    public static IReadOnlyList<SoundMixture> TwoSpeakers(SoundDataset speech, IReadOnlyList<int[]> speakers, int count, ulong seed)
    {
        var pieces = new SpeechPieces(speech);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var random = new RandomSequence(seed, Philox.Hash("two speakers"), i);
            int first = random.NextInt(speakers.Count), second = (first + 1 + random.NextInt(speakers.Count - 1)) % speakers.Count;
            float gain = MathF.Pow(10, random.NextUniform(-5, 5) / 20);
            var mixture = new SoundMixture(new float[12 * speech.Rate], [new bool[12 * SpeechActivity.Rate], new bool[12 * SpeechActivity.Rate]]);
            double at = 0;
            for (int turn = 0; at < 12; turn++)
            {
                int[] own = speakers[turn % 2 == 0 ? first : second];
                at += mixture.Put(pieces.Draw(own[random.NextInt(own.Length)], random.NextUniform(1.5f, 4), ref random), turn % 2, at, turn % 2 == 0 ? 1 : gain, speech.Rate);
                at = Math.Max(0, at + random.NextUniform(-1.5f, 0.5f));
            }

            return mixture;
        })];
    }

    /// <summary>Adds a piece at a time in seconds, as far as there is room, and tells how long it is.</summary>
    private double Put((float[] Samples, bool[] Spoken) piece, int speaker, double seconds, float gain, int rate)
    {
        int block = (int)(seconds * SpeechActivity.Rate), at = block * (rate / SpeechActivity.Rate);
        Span<float> room = Samples.AsSpan(at, Math.Min(piece.Samples.Length, Samples.Length - at));
        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(piece.Samples.AsSpan(0, room.Length), gain, room, room);
        for (int t = 0; t < piece.Spoken.Length && block + t < Spoken[speaker].Length; t++)
        {
            Spoken[speaker][block + t] |= piece.Spoken[t];
        }

        return (double)piece.Samples.Length / rate;
    }

    /// <summary>Utterances that were read, with where they speak.</summary>
    private sealed class SpeechPieces(SoundDataset speech)
    {
        private readonly Dictionary<int, (float[] Samples, bool[] Spoken)> read = [];

        /// <summary>So many seconds of an utterance from a block that is drawn; all of one that is shorter.</summary>
        public (float[] Samples, bool[] Spoken) Draw(int item, double seconds, ref RandomSequence random)
        {
            if (!read.TryGetValue(item, out var whole))
            {
                float[] samples = speech.Read(item);
                read.Add(item, whole = (samples, SpeechActivity.Of(samples, speech.Rate)));
            }

            int size = speech.Rate / SpeechActivity.Rate, blocks = Math.Min((int)(seconds * SpeechActivity.Rate), whole.Spoken.Length);
            int first = random.NextInt(whole.Spoken.Length - blocks + 1);
            return (whole.Samples.AsSpan(first * size, blocks * size).ToArray(), whole.Spoken.AsSpan(first, blocks).ToArray());
        }
    }
}

/// <summary>How many mixtures are learned from, chosen by and judged on.</summary>
internal sealed record MixtureCounts(int Learned, int Development, int Asked);
