using Tacit.Tensors;

namespace Tacit.Evaluation.Scores;

/// <summary>
/// Who spoke when, compared frame by frame: speech that no speaker was given for, speech given where there is none, and speech given to the
/// wrong speaker. Where two speak at once both count. Those of a set are the sums over its recordings.
/// </summary>
/// <param name="Missed">Speaker frames of the reference beyond the number of speakers given.</param>
/// <param name="FalseAlarms">Speaker frames given beyond the number in the reference.</param>
/// <param name="Confused">Speaker frames given to another than the one they are matched with.</param>
/// <param name="Scored">Speaker frames of the reference.</param>
/// <remarks>
/// NIST's diarisation error (RT-09 evaluation plan): speakers of the two sides are matched one to one so that the most frames agree over the
/// recording, and a frame with R and H speakers of which C agree adds max(0, R − H), max(0, H − R) and min(R, H) − C.
/// </remarks>
public readonly record struct DiarizationErrors(int Missed, int FalseAlarms, int Confused, int Scored)
{
    private const int MostSpeakers = 16;

    /// <summary>DER: all errors over the speech of the reference; may exceed 1.</summary>
    /// <exception cref="TacitException">The reference holds no speech.</exception>
    public double Rate => Scored > 0 ? (double)(Missed + FalseAlarms + Confused) / Scored : throw new TacitException("A diarisation error rate needs a reference with speech in it.");

    public static DiarizationErrors operator +(DiarizationErrors a, DiarizationErrors b) =>
        new(a.Missed + b.Missed, a.FalseAlarms + b.FalseAlarms, a.Confused + b.Confused, a.Scored + b.Scored);

    /// <summary>Of one recording.</summary>
    /// <param name="reference">For each speaker, for each frame, whether they speak.</param>
    /// <param name="hypothesis">The same, of as many frames; the number of speakers may differ, up to 16.</param>
    /// <param name="collar">Frames on each side of every beginning and end in the reference that are not scored.</param>
    public static DiarizationErrors Of(bool[][] reference, bool[][] hypothesis, int collar = 0)
    {
        int frames = reference.Length > 0 ? reference[0].Length : hypothesis.Length > 0 ? hypothesis[0].Length : 0;
        if (reference.Concat(hypothesis).Any(speaker => speaker.Length != frames) || hypothesis.Length > MostSpeakers || collar < 0)
        {
            throw new ArgumentException($"Diarisations are compared over the same frames, with at most {MostSpeakers} speakers given and a collar of 0 or more frames.", nameof(hypothesis));
        }

        bool[] scored = Scorable(reference, frames, collar);
        int[] match = Match(reference, hypothesis, scored);
        var errors = default(DiarizationErrors);
        for (int t = 0; t < frames; t++)
        {
            if (!scored[t])
            {
                continue;
            }

            int spoke = reference.Count(speaker => speaker[t]), given = hypothesis.Count(speaker => speaker[t]);
            int agree = Enumerable.Range(0, reference.Length).Count(r => match[r] >= 0 && reference[r][t] && hypothesis[match[r]][t]);
            errors += new DiarizationErrors(Math.Max(0, spoke - given), Math.Max(0, given - spoke), Math.Min(spoke, given) - agree, spoke);
        }

        return errors;
    }

    private static bool[] Scorable(bool[][] reference, int frames, int collar)
    {
        var scored = new bool[frames];
        Array.Fill(scored, true);
        for (int t = 1; collar > 0 && t < frames; t++)
        {
            if (reference.Any(speaker => speaker[t] != speaker[t - 1]))
            {
                int from = Math.Max(0, t - collar);
                Array.Fill(scored, false, from, Math.Min(frames, t + collar) - from);
            }
        }

        return scored;
    }

    /// <summary>For each speaker of the reference the one given, or −1: the most frames that agree, over all sets of speakers already matched.</summary>
    private static int[] Match(bool[][] reference, bool[][] hypothesis, bool[] scored)
    {
        int sets = 1 << hypothesis.Length;
        var best = new int[reference.Length + 1][];
        var choice = new int[reference.Length][];
        best[reference.Length] = new int[sets];
        for (int r = reference.Length - 1; r >= 0; r--)
        {
            int[] agree = [.. hypothesis.Select(h => Enumerable.Range(0, scored.Length).Count(t => scored[t] && reference[r][t] && h[t]))];
            best[r] = [.. best[r + 1]];
            choice[r] = new int[sets];
            Array.Fill(choice[r], -1);
            for (int used = 0; used < sets; used++)
            {
                for (int h = 0; h < hypothesis.Length; h++)
                {
                    if ((used & (1 << h)) == 0 && agree[h] + best[r + 1][used | (1 << h)] > best[r][used])
                    {
                        (best[r][used], choice[r][used]) = (agree[h] + best[r + 1][used | (1 << h)], h);
                    }
                }
            }
        }

        var match = new int[reference.Length];
        for (int r = 0, used = 0; r < match.Length; r++)
        {
            match[r] = choice[r][used];
            used |= match[r] >= 0 ? 1 << match[r] : 0;
        }

        return match;
    }
}
