using Tacit.Data;
using Tacit.Training;

namespace Tacit.Quality;

/// <summary>Trains every method by its quick recipe on one kind of data and judges it.</summary>
internal abstract class Bench(CancellationToken stop) : IDisposable
{
    public static string DataFolder { get; } = Environment.GetEnvironmentVariable("TACIT_DATA") ?? Path.Combine(Rows.Root, "..", "shared", "data");

    /// <summary>Where its rows lie.</summary>
    public abstract Rows Rows { get; }

    /// <summary>The page within the repository that is written from the rows.</summary>
    public abstract string PagePath { get; }

    /// <summary>What methods are trained on, as the names of recipes end.</summary>
    public abstract string Data { get; }

    /// <summary>What was trained on or judged on, as a sentence goes on.</summary>
    public abstract string Title { get; }

    /// <summary>The trained rows of the table, in order.</summary>
    public abstract IEnumerable<(string Method, ulong Seed)> Wanted { get; }

    /// <summary>The rows that need no training.</summary>
    public abstract IReadOnlyList<string> Baselines { get; }

    protected CancellationToken Stop => stop;

    public static string RowName(string method, ulong seed) => seed == 0 ? method : $"{method}-seed{seed}";

    /// <summary>Trains one method, or goes on with that, and judges it. False where it was interrupted.</summary>
    public abstract bool Row(string method, ulong seed);

    /// <summary>
    /// Trains by a recipe changed by settings and says how well its layers do on training items held out, beside those of the untrained
    /// encoder: what recipes are made by. No test item is seen, no row is written.
    /// </summary>
    public abstract void Attempt(string method, IReadOnlyList<string> settings);

    /// <summary>Judges what is not trained.</summary>
    /// <param name="name">One of <see cref="Baselines"/>.</param>
    public abstract void Baseline(string name);

    /// <summary>Times some steps of a method's recipe.</summary>
    public abstract void Time(string method);

    public abstract void WritePage();

    public abstract void Dispose();

    protected string RunPath(string name) => Path.Combine(Rows.Root, "artifacts", Data == "cifar10" ? "quality" : $"quality-{Data}", name);

    /// <summary>Trains from the beginning in a directory that the last attempt is removed from; null where that was interrupted.</summary>
    protected Pretraining? Attempt(RunConfig config, Dataset train)
    {
        string directory = RunPath("attempt");
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        return Pretraining.Run(config, train, directory, new Watcher("attempt"), Stop);
    }

    protected string RecipePath(string method) => Path.Combine(Rows.Root, "recipes", $"{method}-{Data}-quick.yaml");
}
