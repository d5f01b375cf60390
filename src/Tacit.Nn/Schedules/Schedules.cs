namespace Tacit.Nn;

/// <summary>Values that change over a run, each a pure function of the step: nothing is advanced, nothing is saved.</summary>
public static class Schedules
{
    /// <summary>The learning-rate schedules there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["constant", "cosine", "step", "polynomial", "tri-stage", "noam"];

    /// <summary>The learning rate of one step as a share of the peak.</summary>
    /// <param name="options">The schedule; those with a warm-up reach the peak at its last step.</param>
    /// <param name="step">From 0.</param>
    /// <param name="steps">Steps of the whole run; the last is steps - 1, and the end value is reached one later.</param>
    /// <exception cref="TacitException">No such schedule, or a warm-up and hold longer than the run.</exception>
    public static double LrShare(ScheduleOptions options, long step, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        long warmup = Steps(options.Warmup, steps);
        if (warmup > steps)
        {
            throw new TacitException($"A warm-up of {warmup} steps does not fit a run of {steps}; shorten schedule.warmup.");
        }

        if (options.Name is "noam")
        {
            // The paper's rate divided by its peak: d^-½·min(s^-½, s·w^-1.5) over d^-½·w^-½.
            double w = Math.Max(1, warmup);
            return Math.Min((step + 1) / w, Math.Sqrt(w / (step + 1)));
        }

        if (step < warmup)
        {
            return options.WarmupStart + ((1 - options.WarmupStart) * (step + 1) / warmup);
        }

        double done = warmup == steps ? 1 : Math.Min(1, (double)(step - warmup) / (steps - warmup));
        return options.Name switch
        {
            "constant" => 1,
            "cosine" => Between(options.End, 1, 0.5 * (1 + Math.Cos(Math.PI * done))),
            "polynomial" => Between(options.End, 1, Math.Pow(1 - done, options.Power)),
            "step" => Math.Pow(options.Gamma, options.Milestones.Count(milestone => step >= Steps(milestone, steps))),
            "tri-stage" => TriStage(options, step - warmup, steps - warmup, Steps(options.Hold, steps)),
            string other => throw new TacitException($"There is no schedule '{other}'; choose one of {string.Join(", ", Names)}."),
        };
    }

    /// <summary>Half a cosine from <paramref name="start"/> at step 0 to <paramref name="end"/> at the last of <paramref name="maxSteps"/> steps.</summary>
    /// <param name="step">From 0; past the end the value stays at the end.</param>
    /// <param name="maxSteps">How many steps; the last one is maxSteps - 1.</param>
    /// <param name="start">Value at step 0.</param>
    /// <param name="end">Value at step maxSteps - 1.</param>
    /// <param name="period">If given, whole cosines with this period instead: start, end at half of it, start again.</param>
    public static double Cosine(long step, long maxSteps, double start, double end, long? period = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(maxSteps);
        if (period is { } length)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length, nameof(period));
            return Between(end, start, 0.5 * (1 + Math.Cos(2 * Math.PI * step / length)));
        }

        return step >= maxSteps - 1
            ? end
            : Between(end, start, 0.5 * (1 + Math.Cos(Math.PI * step / (maxSteps - 1))));
    }

    /// <summary>A linear warm-up, whose last step has its end value, then <see cref="Cosine"/> over the steps that are left.</summary>
    public static double WarmupCosine(long step, long maxSteps, double start, double end, long warmup, double warmupStart, double warmupEnd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return step < warmup
            ? Between(warmupStart, warmupEnd, (double)(step + 1) / warmup)
            : Cosine(step - warmup, maxSteps - warmup, start, end);
    }

    /// <summary>A straight line from <paramref name="start"/> at step 0 to <paramref name="end"/> at step <paramref name="warmup"/>, which then stays.</summary>
    public static double LinearWarmup(long step, long warmup, double start, double end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return step >= warmup ? end : Between(start, end, (double)step / warmup);
    }

    /// <summary>d^-½ · min(s^-½, s · w^-1.5), s counted from 1.</summary>
    /// <remarks>Vaswani et al. 2017, arXiv:1706.03762, equation 3.</remarks>
    public static double Noam(long step, int dimension, long warmup)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        double s = step + 1;
        return Math.Pow(dimension, -0.5) * Math.Min(Math.Pow(s, -0.5), s * Math.Pow(Math.Max(1, warmup), -1.5));
    }

    /// <summary>A teacher's momentum, from <paramref name="start"/> to <paramref name="end"/> along half a cosine.</summary>
    /// <remarks>Grill et al. 2020, arXiv:2006.07733: τ = τ₁ - (τ₁ - τ₀)(cos(πs/S) + 1)/2.</remarks>
    public static double CosineMomentum(long step, long steps, double start, double end) =>
        end - ((end - start) * 0.5 * (1 + Math.Cos(Math.PI * Progress(step, steps))));

    /// <summary>A teacher's momentum, from <paramref name="start"/> to <paramref name="end"/> along a line.</summary>
    public static double LinearMomentum(long step, long steps, double start, double end) => Between(start, end, Progress(step, steps));

    /// <summary>In steps, not rounded, what is given below 1 as a share of the run and otherwise in steps.</summary>
    public static double Length(double length, long steps) => length < 1 ? length * steps : length;

    private static double Progress(long step, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return Math.Min(1, (double)step / steps);
    }

    private static double Between(double low, double high, double share) => low + ((high - low) * share);

    private static long Steps(double length, long steps) => (long)Math.Round(Length(length, steps));

    /// <summary>After the warm-up: the peak for a while, then down by the same factor each step.</summary>
    /// <remarks>Park et al. 2019, arXiv:1904.08779; as fairseq decays: exp(ln(end)·t/T).</remarks>
    private static double TriStage(ScheduleOptions options, long step, long steps, long hold)
    {
        if (hold > steps)
        {
            throw new TacitException($"The schedule's warm-up and hold together are longer than the run by {hold - steps} steps; shorten schedule.hold.");
        }

        if (options.End <= 0)
        {
            throw new TacitException("A tri-stage schedule falls by the same factor each step and cannot end at 0; set schedule.end, for example to 0.05.");
        }

        return step < hold ? 1 : Math.Pow(options.End, hold == steps ? 1 : Math.Min(1, (double)(step - hold) / (steps - hold)));
    }
}
