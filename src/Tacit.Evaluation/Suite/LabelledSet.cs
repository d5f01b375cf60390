using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>The recordings of a set that have states and a class, and what was left out.</summary>
/// <param name="Sounds">The set.</param>
/// <param name="Store">Its states.</param>
/// <param name="Items">Numbers in the set.</param>
/// <param name="Classes">Of each of those, a number of the classes asked for.</param>
internal sealed record LabelledSet(SoundDataset Sounds, StateStore Store, int[] Items, int[] Classes)
{
    /// <summary>The recordings with a class.</summary>
    /// <param name="context">States, and who is told of what is left out.</param>
    /// <param name="sounds">The set.</param>
    /// <param name="classes">The classes by name; those of the set itself for a training set.</param>
    /// <exception cref="TacitException">No item has a class, or one has a class that is not among those asked for.</exception>
    public static LabelledSet Of(SuiteContext context, SoundDataset sounds, IReadOnlyList<string> classes)
    {
        string name = Evaluator.Name(sounds.Path);
        if (sounds.Labels is not { } labels || labels.All(l => l < 0))
        {
            throw new TacitException($"{name} has no labels: put its recordings into one folder a class.");
        }

        if (sounds.Classes.FirstOrDefault(c => !classes.Contains(c)) is { } strange)
        {
            throw new TacitException($"{name} has the class '{strange}', which the set that is learned from does not have.");
        }

        int[] own = sounds.LabelsAs(classes)!;
        StateStore store = context.States(sounds);
        int[] items = [.. store.Items.Where(i => own[i] >= 0)];
        int without = store.Items.Count - items.Length;
        if (without > 0)
        {
            context.Say?.Invoke($"{name}: {without:N0} of {store.Items.Count:N0} recordings have no label and are left out.");
        }

        return new LabelledSet(sounds, store, items, Array.ConvertAll(items, i => own[i]));
    }

    /// <summary>Who speaks in each item, -1 for nobody knows.</summary>
    public int[] Speakers => Array.ConvertAll(Items, i => Sounds.Speakers?[i] ?? -1);

    /// <summary>The states' means with the classes.</summary>
    public Utterances Utterances()
    {
        Dictionary<int, int> classOf = Items.Zip(Classes).ToDictionary(p => p.First, p => p.Second);
        return Suite.Utterances.Of(Store, Items, i => [classOf[i]]);
    }
}
