using Tacit.Data;

namespace Tacit.Evaluation.Suite;

/// <summary>What a task works with: the upstream, the sets, the options, and states that are computed once.</summary>
/// <param name="upstream">What is judged.</param>
/// <param name="data">The sets.</param>
/// <param name="options">How heads learn.</param>
/// <param name="cache">Where states and rates are kept.</param>
/// <param name="stop">Ends between two steps.</param>
public sealed class SuiteContext(Upstream upstream, SuiteData data, SuiteOptions options, StateCache cache, CancellationToken stop = default) : IDisposable
{
    private readonly Dictionary<string, StateStore> stores = new(StringComparer.Ordinal);

    public Upstream Upstream => upstream;

    public SuiteData Data => data;

    public SuiteOptions Options => options;

    public CancellationToken Stop => stop;

    /// <summary>Told what deserves a sentence: items that are left out, a cache that is made again.</summary>
    public Action<string>? Say { get; init; }

    /// <summary>Told what is being done, how far it is, and of how much.</summary>
    public Action<string, int, int>? Progress { get; init; }

    /// <summary>The upstream's states of every recording: computed at the first call, read from the cache from then on.</summary>
    /// <param name="sounds">At 16 kHz; what was made in memory is known by its samples, anything else by names and sizes.</param>
    public StateStore States(SoundDataset sounds)
    {
        string key = cache.KeyOf(upstream, sounds);
        if (!stores.TryGetValue(key, out StateStore? store))
        {
            store = cache.Open(upstream, sounds, key, Say, Progress, stop);
            stores.Add(key, store);
        }

        return store;
    }

    /// <summary>
    /// The learning rate that does best on the development part: from the cache where the same search was made before, otherwise each of
    /// <see cref="SuiteOptions.Rates"/> is tried. A rate with which learning fails is out.
    /// </summary>
    /// <param name="search">Names the search: the task and all that its trials depend on besides states and options.</param>
    /// <param name="states">What the trials learn from and are judged on.</param>
    /// <param name="trial">Learns with a rate for <see cref="SuiteOptions.TrialSteps"/> and gives its score on the development part, higher being better.</param>
    public double BestRate(string search, IEnumerable<StateStore> states, Func<double, double> trial) =>
        RateSearch.Run(cache, options, search, [.. states.Select(s => s.Key)], rate =>
        {
            stop.ThrowIfCancellationRequested();
            return trial(rate);
        });

    public void Dispose()
    {
        foreach (StateStore store in stores.Values)
        {
            store.Dispose();
        }

        stores.Clear();
    }
}
