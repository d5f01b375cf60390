using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Tacit.Tensors;

/// <summary>One block of a parallel loop. Bodies are structs that hold pointers and sizes: no closure, no allocation.</summary>
public interface IBlockBody
{
    void Invoke(int block);
}

/// <summary>Work that idle workers take up between parallel loops, one piece at a time (the loader's pictures).</summary>
public interface IIdleWork
{
    /// <summary>Does one piece; false when none is left.</summary>
    bool RunOne();
}

/// <summary>
/// A fixed pool that spins, then parks. Blocks are fixed by shape, never by the number of threads, and claimed
/// dynamically, so results have the same bits for any pool. A caller that finds the pool busy, or is itself inside a
/// block, runs its blocks alone.
/// </summary>
public sealed unsafe class WorkerPool : IDisposable
{
    private const int SpinRounds = 4000;

    [ThreadStatic]
    private static bool inside;

    private static WorkerPool? shared;
    private static readonly Lock SharedGate = new();

    private readonly Lock gate = new();
    private readonly SemaphoreSlim wake = new(0);
    private readonly Thread[] workers;
    private readonly Padded counters = new();
    private ExceptionDispatchInfo? failure;
    private void* body;
    private delegate*<void*, int, void> invoke;
    private int blocks;
    private volatile int job;           // odd while a job is open
    private volatile int parked;
    private volatile bool stopping;
    private volatile IIdleWork? idle;

    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(Work) { IsBackground = true, Name = $"tacit-{i + 1}" };
            workers[i].Start();
        }
    }

    /// <summary>The pool that all operators use: one thread per processor unless <see cref="Configure"/> said otherwise.</summary>
    public static WorkerPool Shared
    {
        get
        {
            if (shared is null)
            {
                lock (SharedGate)
                {
                    shared ??= new WorkerPool(Environment.ProcessorCount);
                }
            }

            return shared;
        }
    }

    public int Threads { get; }

    /// <summary>Replaces the shared pool by one of the given size, the calling thread included.</summary>
    public static void Configure(int threads)
    {
        lock (SharedGate)
        {
            if (shared?.Threads != threads)
            {
                shared?.Dispose();
                shared = new WorkerPool(threads);
            }
        }
    }

    /// <summary>Runs blocks 0 … count-1 of the body on all threads and returns when every one is done.</summary>
    /// <param name="count">How many blocks, a function of the shapes alone.</param>
    /// <param name="body">A local of the caller: it is reached by its address on the stack.</param>
    public void For<TBody>(int count, ref TBody body)
        where TBody : struct, IBlockBody
    {
        if (count <= 1 || workers.Length == 0 || inside || !gate.TryEnter())
        {
            for (int i = 0; i < count; i++)
            {
                body.Invoke(i);
            }

            return;
        }

        try
        {
            inside = true;
            Run(count, Unsafe.AsPointer(ref body), &Call<TBody>);
        }
        finally
        {
            inside = false;
            gate.Exit();
        }
    }

    /// <summary>Offers work to idle workers; at most one piece of work is offered at a time, null takes it back.</summary>
    public void Offer(IIdleWork? work)
    {
        idle = work;
        if (work is not null)
        {
            Wake();
        }
    }

    public void Dispose()
    {
        stopping = true;
        wake.Release(workers.Length + 1);
        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        wake.Dispose();
    }

    private static void Call<TBody>(void* body, int block)
        where TBody : struct, IBlockBody => Unsafe.AsRef<TBody>(body).Invoke(block);

    private void Run(int count, void* pinned, delegate*<void*, int, void> call)
    {
        body = pinned;
        invoke = call;
        blocks = count;
        counters.Next = 0;
        failure = null;
        Interlocked.Increment(ref job);        // opens the job: a full fence
        Wake();
        Claim();
        Interlocked.Increment(ref job);        // closed: nobody enters any more
        var spin = default(SpinWait);
        while (Volatile.Read(ref counters.Active) != 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        failure?.Throw();
    }

    private void Claim()
    {
        try
        {
            int block;
            while ((block = Interlocked.Increment(ref counters.Next) - 1) < blocks)
            {
                invoke(body, block);
            }
        }
        catch (Exception error)
        {
            failure ??= ExceptionDispatchInfo.Capture(error);
            Volatile.Write(ref counters.Next, blocks);
        }
    }

    private void Work()
    {
        inside = true;      // loops inside a block or an idle piece run on this thread alone
        int idleRounds = 0;
        while (!stopping)
        {
            if ((job & 1) != 0)
            {
                Interlocked.Increment(ref counters.Active);
                if ((job & 1) != 0)
                {
                    Claim();
                }

                Interlocked.Decrement(ref counters.Active);
                idleRounds = 0;
                SpinWhileExhausted();
            }
            else if (RunIdle())
            {
                idleRounds = 0;
            }
            else if (++idleRounds < SpinRounds)
            {
                Thread.SpinWait(10);
            }
            else
            {
                Park();
                idleRounds = 0;
            }
        }
    }

    /// <summary>One piece of offered work. Work that fails is dropped: whoever offered it meets the failure when they finish it.</summary>
    private bool RunIdle()
    {
        IIdleWork? work = idle;
        try
        {
            return work is not null && work.RunOne();
        }
        catch (Exception)
        {
            Interlocked.CompareExchange(ref idle, null, work);
            return false;
        }
    }

    /// <summary>All blocks are claimed but the job is still open: do not knock on its door again.</summary>
    private void SpinWhileExhausted()
    {
        int seen = job;
        while ((seen & 1) != 0 && job == seen && Volatile.Read(ref counters.Next) >= blocks && !stopping)
        {
            Thread.SpinWait(4);
        }
    }

    private void Park()
    {
        Interlocked.Increment(ref parked);
        if ((job & 1) == 0 && !stopping)
        {
            wake.Wait(TimeSpan.FromMilliseconds(100));
        }

        Interlocked.Decrement(ref parked);
    }

    private void Wake()
    {
        int sleeping = parked;
        if (sleeping > 0)
        {
            wake.Release(sleeping);
        }
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 256)]
    private sealed class Padded
    {
        [System.Runtime.InteropServices.FieldOffset(64)]
        public int Next;

        [System.Runtime.InteropServices.FieldOffset(128)]
        public int Active;
    }
}
