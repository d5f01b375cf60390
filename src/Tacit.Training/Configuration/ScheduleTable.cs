using Tacit.Methods;
using Tacit.Nn;

namespace Tacit.Training;

/// <summary>The keys of the learning rate's schedule.</summary>
internal static class ScheduleTable
{
    public static OptionTable<ScheduleOptions> Keys { get; } = new OptionTable<ScheduleOptions>()
        .Choice("name", o => o.Name, (o, v) => o with { Name = v }, [.. Schedules.Names])
        .Real("warmup", o => o.Warmup, (o, v) => o with { Warmup = v }, Interval.NotNegative)
        .Real("warmup-start", o => o.WarmupStart, (o, v) => o with { WarmupStart = v }, Interval.Fraction)
        .Real("end", o => o.End, (o, v) => o with { End = v }, Interval.Fraction)
        .Reals("milestones", o => o.Milestones, (o, v) => o with { Milestones = v }, Interval.NotNegative)
        .Real("gamma", o => o.Gamma, (o, v) => o with { Gamma = v }, Interval.Positive)
        .Real("power", o => o.Power, (o, v) => o with { Power = v }, Interval.Positive)
        .Real("hold", o => o.Hold, (o, v) => o with { Hold = v }, Interval.NotNegative);
}
