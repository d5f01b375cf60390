using System.Diagnostics;

namespace Tacit.Tensors;

/// <summary>
/// Measures the operators that a thread runs: calls, time, multiply-adds and memory, forward and backward, and the named parts of
/// a step around them. What it counts, all but the time, is the same for any number of threads.
/// </summary>
/// <remarks>
/// A forward operator begins where it asks for memory and ends where it asks whether it is to be recorded; backward runs node by node.
/// Memory is what an operator must at least touch: inputs read, outputs written, gradients written or added to.
/// </remarks>
public sealed class OperatorProfile
{
    [ThreadStatic]
    private static OperatorProfile? current;

    private readonly Dictionary<(string Name, Pass Pass), OperatorCost> costs = [];
    private readonly List<ProfileEvent> events = [];
    private readonly int eventLimit;
    private long began;             // of the operator under way; 0 where none is
    private long operationsBefore;
    private long bytes;
    private bool backward;

    /// <param name="eventLimit">So many single events are kept, for a trace; sums go on.</param>
    public OperatorProfile(int eventLimit = 0) => this.eventLimit = eventLimit;

    /// <summary>Everything measured, the dearest first.</summary>
    public IReadOnlyList<OperatorCost> Costs => [.. costs.Values.OrderByDescending(c => c.Seconds)];

    /// <summary>In the order they ended.</summary>
    public IReadOnlyList<ProfileEvent> Events => events;

    internal static OperatorProfile? Current => current;

    /// <summary>Measures a part of a step, operators within included, until disposed; does nothing where no profile is open.</summary>
    public static ProfilePart Part(string name) => new(current, name, current is null ? 0 : Stopwatch.GetTimestamp());

    /// <summary>Measures what this thread does until disposed.</summary>
    public Measurement Measure() => new(this);

    /// <summary>An operator asks for memory.</summary>
    internal void Allocated(int length)
    {
        if (began == 0)
        {
            Begin();
        }

        bytes += (long)length * sizeof(float);
    }

    /// <summary>An operator writes a gradient, or adds to one.</summary>
    internal void Gradient(int length, bool add) => bytes += (long)length * sizeof(float) * (add ? 2 : 1);

    /// <summary>A forward operator has run.</summary>
    internal void Ended(string name, Tensor a, Tensor? b = null, Tensor? c = null)
    {
        if (began != 0 && !backward)
        {
            bytes += ((long)a.Length + (b?.Length ?? 0) + (c?.Length ?? 0)) * sizeof(float);
            End(name, Pass.Forward);
        }
    }

    internal void BeginBackward()
    {
        backward = true;
        Begin();
    }

    internal void EndBackward(Node node)
    {
        bytes += (long)node.Output.Length * sizeof(float);
        End(node.Name, Pass.Backward);
        backward = false;
    }

    internal void EndPart(string name, long start)
    {
        began = 0;
        Add(name, Pass.Part, start, 0, 0);
    }

    private static OperatorProfile? Swap(OperatorProfile? next)
    {
        OperatorProfile? before = current;
        current = next;
        return before;
    }

    private void Begin()
    {
        (bytes, operationsBefore) = (0, KernelCount.Operations);
        began = Stopwatch.GetTimestamp();
    }

    private void End(string name, Pass pass)
    {
        long start = began;
        began = 0;
        Add(name, pass, start, KernelCount.Operations - operationsBefore, bytes);
    }

    private void Add(string name, Pass pass, long start, long operations, long touched)
    {
        long end = Stopwatch.GetTimestamp();
        if (!costs.TryGetValue((name, pass), out OperatorCost? cost))
        {
            costs[(name, pass)] = cost = new OperatorCost(name, pass);
        }

        cost.Calls++;
        cost.Seconds += Stopwatch.GetElapsedTime(start, end).TotalSeconds;
        cost.Operations += operations;
        cost.Bytes += touched;
        if (events.Count < eventLimit)
        {
            events.Add(new ProfileEvent(name, pass, start, end, operations, touched));
        }
    }

    /// <summary>A stretch that is measured.</summary>
    public sealed class Measurement : IDisposable
    {
        private readonly OperatorProfile? around;
        private bool disposed;

        internal Measurement(OperatorProfile profile)
        {
            around = Swap(profile);
            profile.began = 0;
            KernelCount.Open();
        }

        public void Dispose()
        {
            if (!disposed)
            {
                disposed = true;
                KernelCount.Close();
                Swap(around);
            }
        }
    }
}
