using System.Runtime.InteropServices;

namespace Tacit.Methods;

/// <summary>
/// Named values of one optimiser step (positive similarity, contrastive accuracy, parts of the loss …). Values reported
/// under one name within a step, by several micro-batches, are averaged. Reporting allocates nothing after the first step.
/// </summary>
public sealed class Diagnostics
{
    private readonly List<Entry> entries = [];

    /// <summary>The names reported since the last <see cref="Clear"/>, with their means, in the order of first report.</summary>
    public IEnumerable<(string Name, double Value)> Values => entries.Where(e => e.Count > 0).Select(e => (e.Name, e.Sum / e.Count));

    /// <summary>Adds one value under a name (lower case, underscores; a constant of the caller).</summary>
    public void Report(string name, double value)
    {
        Span<Entry> span = CollectionsMarshal.AsSpan(entries);
        for (int i = 0; i < span.Length; i++)
        {
            if (span[i].Name == name)
            {
                span[i].Sum += value;
                span[i].Count++;
                return;
            }
        }

        entries.Add(new Entry { Name = name, Sum = value, Count = 1 });
    }

    /// <summary>The mean of what was reported under a name in this step, or null.</summary>
    public double? this[string name]
    {
        get
        {
            foreach (Entry entry in entries)
            {
                if (entry.Name == name && entry.Count > 0)
                {
                    return entry.Sum / entry.Count;
                }
            }

            return null;
        }
    }

    /// <summary>Forgets all values, for the next step.</summary>
    public void Clear()
    {
        Span<Entry> span = CollectionsMarshal.AsSpan(entries);
        for (int i = 0; i < span.Length; i++)
        {
            span[i].Sum = 0;
            span[i].Count = 0;
        }
    }

    private struct Entry
    {
        public string Name;
        public double Sum;
        public int Count;
    }
}
