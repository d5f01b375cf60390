namespace Tacit.Evaluation.Report;

/// <summary>A protocol that remembers which class it answered for which, over all folds.</summary>
internal sealed class RecordedProtocol(Protocol protocol) : Protocol
{
    private readonly List<(int Truth, int Answer)> answers = [];

    public override string Name => protocol.Name;

    public override string Detail => protocol.Detail;

    public override int[] Predict(FeatureTable train, FeatureTable test)
    {
        int[] predicted = protocol.Predict(train, test);
        answers.AddRange(test.Labels.Zip(predicted));
        return predicted;
    }

    /// <summary>How often each class was answered for each; of many classes those with most items.</summary>
    /// <param name="classes">Names by number.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="note">What was asked.</param>
    public ConfusionModel Confusion(IReadOnlyList<string> classes, int most, string note)
    {
        int[] present = [.. answers.Select(a => a.Truth).Concat(answers.Select(a => a.Answer)).Distinct()];
        int[] shown = [.. present.OrderByDescending(c => answers.Count(a => a.Truth == c)).ThenBy(c => c).Take(most).Order()];
        var counts = shown.Select(_ => new int[shown.Length]).ToArray();
        foreach ((int truth, int answer) in answers)
        {
            int row = Array.IndexOf(shown, truth), column = Array.IndexOf(shown, answer);
            if (row >= 0 && column >= 0)
            {
                counts[row][column]++;
            }
        }

        string cut = present.Length > shown.Length ? $" The {shown.Length} classes with most items of {present.Length}." : "";
        return new ConfusionModel([.. shown.Select(c => classes[c])], counts, note + cut);
    }
}
