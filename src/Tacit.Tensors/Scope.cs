namespace Tacit.Tensors;

/// <summary>
/// What the operators of this thread work in: the arena that holds what they make, the tape that records them (none in a
/// no-gradient scope) and the key of every random number drawn. Scopes nest; each has an arena of its own, and what
/// was made in one dies with it unless it is kept by <see cref="Keep"/>. Outside any scope tensors are ordinary
/// garbage-collected memory and nothing is recorded.
/// </summary>
public sealed class Scope : IDisposable
{
    [ThreadStatic]
    private static Scope? current;

    [ThreadStatic]
    private static Stack<Arena>? spare;

    private readonly Scope? parent;
    private readonly Dictionary<ulong, int> calls;
    private readonly int microBatch;
    private bool disposed;

    private Scope(Tape? tape, ulong seed, long step, int microBatch)
    {
        parent = current;
        Tape = tape;
        Seed = seed;
        Step = step;
        this.microBatch = microBatch;
        calls = parent is not null && tape is null ? parent.calls : [];
        spare ??= new Stack<Arena>();
        Arena = spare.Count > 0 ? spare.Pop() : new Arena();
        current = this;
    }

    /// <summary>The innermost open scope of this thread.</summary>
    public static Scope? Current => current;

    public ulong Seed { get; }

    /// <summary>The optimiser step that random numbers are keyed by.</summary>
    public long Step { get; }

    /// <summary>Bytes of arena memory this scope holds.</summary>
    public long ArenaBytes => Arena.Capacity;

    internal Arena Arena { get; }

    internal Tape? Tape { get; }

    /// <summary>A scope that records operators for one backward pass.</summary>
    public static Scope Gradient(ulong seed = 0, long step = 0, int microBatch = 0) => new(new Tape(), seed, step, microBatch);

    /// <summary>A scope that records nothing (teacher, evaluation, feature cache). Random keys go on from the scope around it.</summary>
    public static Scope NoGradient() => new(null, current?.Seed ?? 0, current?.Step ?? 0, current?.microBatch ?? 0);

    /// <summary>Runs the tape backwards from a scalar; gradients of parameters are added to what they hold.</summary>
    public void Backward(Tensor loss)
    {
        if (Tape is null)
        {
            throw new InvalidOperationException("Backward needs a gradient scope; this one records nothing.");
        }

        Tape.Backward(loss);
    }

    /// <summary>Copies a tensor into the scope around this one, so that it survives this one's end.</summary>
    public Tensor Keep(Tensor tensor)
    {
        Scope inner = current ?? throw new InvalidOperationException("Keep was called outside any scope.");
        current = parent;
        try
        {
            var copy = Tensor.Empty(tensor.Shape);
            tensor.Span.CopyTo(copy.Span);
            return copy;
        }
        finally
        {
            current = inner;
        }
    }

    /// <summary>
    /// What a part of a network gives. Where nothing is recorded its working memory is let go at once, so that a deep network needs that
    /// of its largest part; where something is, backward needs it and it stays.
    /// </summary>
    public static Tensor Part(Func<Tensor> part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (current?.Tape is not null)
        {
            return part();
        }

        using Scope scope = NoGradient();
        return scope.Keep(part());
    }

    /// <summary>
    /// The random stream of one call: a hash of its purpose, the path of the module that makes it, the micro-batch, and
    /// how many calls with the same purpose and path came before it in this step.
    /// </summary>
    public static ulong NextStream(string purpose, string path)
    {
        Scope scope = current ?? throw new InvalidOperationException($"Random numbers for {purpose} need an open scope, which holds their seed and step.");
        ulong stream = Philox.Hash(purpose, path, scope.microBatch);
        scope.calls.TryGetValue(stream, out int call);
        scope.calls[stream] = call + 1;
        return Philox.Mix(stream, (ulong)call);
    }

    /// <summary>The random numbers of one call, from the open scope's seed and step and the call's own <see cref="NextStream"/>.</summary>
    public static RandomSequence NextRandom(string purpose, string path)
    {
        ulong stream = NextStream(purpose, path);
        return new RandomSequence(current!.Seed, stream, current.Step);
    }

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        if (current != this)
        {
            throw new InvalidOperationException("Scopes end in the reverse order of their beginning, on the thread that began them.");
        }

        disposed = true;
        current = parent;
        Arena.Reset();
        spare!.Push(Arena);
    }
}
