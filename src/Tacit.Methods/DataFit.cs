using Tacit.Models;

namespace Tacit.Methods;

/// <summary>What a method's options are fitted to before the first step, and how they say what became of them.</summary>
/// <param name="given">Tells whether the user set a key.</param>
/// <param name="note">Takes one sentence for people about a default that adapted.</param>
public sealed class DataFit(Func<string, bool> given, Action<string> note)
{
    /// <summary>Items of the data set.</summary>
    public required int Items { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>Smallest side of the views in pixels over the run.</summary>
    public required int Side { get; init; }

    /// <summary>Every side in pixels that the encoder is shown: the views' over the run, and that of evaluation.</summary>
    public IReadOnlyList<int> Sides { get => field ?? [Side]; init; }

    /// <summary>What is trained on: image, speech or text.</summary>
    public string Modality { get; init; } = "image";

    /// <summary>Seconds of the longest view of a recording; 0 where pictures are trained on.</summary>
    public double Seconds { get; init; }

    /// <summary>Samples a second of recordings.</summary>
    public int Rate { get; init; } = 16000;

    /// <summary>Classes of the data set; 0 where it has no labels.</summary>
    public int Classes { get; init; }

    /// <summary>The encoder that will be trained.</summary>
    public required BackboneOptions Model { get; init; }

    /// <summary>Whether the user set the key, by recipe or setting.</summary>
    /// <param name="key">In full: <c>method.queue</c>.</param>
    public bool Given(string key) => given(key);

    public void Note(string sentence) => note(sentence);

    /// <summary>The value, or the limit where a default is above it.</summary>
    /// <param name="key">In full.</param>
    /// <param name="value">What it is set to.</param>
    /// <param name="limit">The most that can work.</param>
    /// <param name="why">Goes on after "because": "the data set has 40 pictures".</param>
    /// <exception cref="ConfigurationException">The user gave it, and it is above the limit.</exception>
    public int AtMost(string key, int value, int limit, string why) =>
        value <= limit ? value : Adapt(key, value, limit, $"give at most {limit}", why);

    /// <summary>The value, or the limit where a default is below it; as <see cref="AtMost"/>.</summary>
    /// <exception cref="ConfigurationException">The user gave it, and it is below the limit.</exception>
    public int AtLeast(string key, int value, int limit, string why) =>
        value >= limit ? value : Adapt(key, value, limit, $"give at least {limit}", why);

    /// <summary>Refuses a batch of one picture.</summary>
    /// <param name="why">What one picture is too few for.</param>
    /// <exception cref="ConfigurationException">It is one.</exception>
    public void RefuseBatchOfOne(string why)
    {
        if (BatchSize < 2)
        {
            throw Refusal("train.batch-size", $"{why}; give at least 2");
        }
    }

    /// <summary>The value of the first step that the data set is no larger than.</summary>
    /// <param name="steps">Ascending; the last is for any size.</param>
    public int BySize(params ReadOnlySpan<(int UpTo, int Value)> steps)
    {
        foreach ((int upTo, int value) in steps)
        {
            if (Items <= upTo)
            {
                return value;
            }
        }

        return steps[^1].Value;
    }

    /// <summary>What to throw where a value cannot work.</summary>
    public static ConfigurationException Refusal(string key, string why) => new($"{key}: {why.TrimEnd('.')}.");

    private int Adapt(string key, int value, int limit, string advice, string why)
    {
        if (Given(key))
        {
            throw Refusal(key, $"{value} cannot work because {why}; {advice}");
        }

        Note($"{key} is {limit} instead of {value} because {why}.");
        return limit;
    }
}
