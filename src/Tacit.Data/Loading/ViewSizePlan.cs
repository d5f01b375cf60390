using System.Globalization;

namespace Tacit.Data.Loading;

/// <summary>The side of the views as the run goes on: small pictures first, which cost less, the full size at the end.</summary>
public sealed class ViewSizePlan
{
    private readonly (double From, int Size)[] stages;

    /// <param name="stages">Each size with the fraction of all steps from which it holds; the first from 0, in rising order.</param>
    /// <exception cref="TacitException">There is no stage, or the fractions do not rise from 0 to below 1.</exception>
    public ViewSizePlan(params (double From, int Size)[] stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        for (int i = 0; i < stages.Length; i++)
        {
            ViewPlan.CheckSize(stages[i].Size);
            if (i > 0 && !(stages[i].From > stages[i - 1].From && stages[i].From < 1))
            {
                throw new TacitException($"View sizes must begin at rising fractions of the run below 1; {stages[i].From} comes after {stages[i - 1].From}.");
            }
        }

        if (stages.Length == 0 || stages[0].From != 0)
        {
            throw new TacitException("The first view size must begin at fraction 0 of the run.");
        }

        this.stages = stages;
    }

    /// <summary>Reads "24,32@0.7": side 24 from the beginning, 32 from seven tenths of the steps.</summary>
    /// <exception cref="TacitException">The text is not of that form.</exception>
    public static ViewSizePlan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ViewSizePlan([.. text.Split(',', StringSplitOptions.TrimEntries).Select(stage =>
        {
            string[] parts = stage.Split('@');
            double from = 0;
            return parts.Length <= 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int size)
                && (parts.Length == 1 || double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out from))
                ? (from, size)
                : throw new TacitException($"\"{text}\" does not say view sizes: write them like 32, or like 24,32@0.7 for 32 from seven tenths of the run.");
        })]);
    }

    /// <summary>The sides, as the run goes on.</summary>
    public IReadOnlyList<int> Sides => [.. stages.Select(s => s.Size)];

    public int Smallest => stages.Min(s => s.Size);

    /// <summary>The side of the views of a step.</summary>
    public int At(long step, long totalSteps)
    {
        double done = totalSteps <= 0 ? 0 : (double)step / totalSteps;
        return stages.Last(s => s.From <= done || s.From == 0).Size;
    }

    public override string ToString() =>
        string.Join(", ", stages.Select(s => s.From == 0 ? $"{s.Size}" : string.Create(CultureInfo.InvariantCulture, $"{s.Size}@{s.From}")));
}
