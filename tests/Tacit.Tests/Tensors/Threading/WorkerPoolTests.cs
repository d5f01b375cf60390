using System.Diagnostics;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Tensors;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public unsafe void Every_block_runs_exactly_once(int threads)
    {
        using var pool = new WorkerPool(threads);
        foreach (int count in (int[])[0, 1, 2, 7, 1000])
        {
            var hits = new int[count + 1];
            fixed (int* p = hits)
            {
                var body = new Count(p);
                pool.For(count, ref body);
            }

            Assert.Equal(Enumerable.Repeat(1, count).Append(0), hits);
        }
    }

    [Fact]
    public unsafe void Many_tiny_loops()
    {
        using var pool = new WorkerPool(3);
        int hits = 0;
        var body = new Count(&hits, one: true);
        for (int i = 0; i < 20_000; i++)
        {
            pool.For(3, ref body);
        }

        Assert.Equal(60_000, hits);
    }

    [Fact]
    public unsafe void Workers_that_slept_wake_up()
    {
        using var pool = new WorkerPool(2);
        for (int i = 0; i < 3; i++)
        {
            Thread.Sleep(150);      // longer than spinning and than a parked worker's nap
            int hits = 0;
            var body = new Count(&hits, one: true);
            pool.For(50, ref body);
            Assert.Equal(50, hits);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public unsafe void An_exception_reaches_the_caller_and_the_pool_lives_on(int threads)
    {
        using var pool = new WorkerPool(threads);
        var failing = default(Fail);
        Assert.Equal("block 5", Assert.Throws<InvalidOperationException>(() => pool.For(100, ref failing)).Message);
        int hits = 0;
        var body = new Count(&hits, one: true);
        pool.For(100, ref body);
        Assert.Equal(100, hits);
    }

    [Fact]
    public unsafe void Loops_inside_blocks_run_on_their_own_thread()
    {
        using var pool = new WorkerPool(3);
        int hits = 0, strayed = 0;
        var body = new Nested(pool, &hits, &strayed);
        pool.For(20, ref body);
        Assert.Equal((20 * 30, 0), (hits, strayed));
    }

    [Fact]
    public unsafe void Two_callers_share_a_pool()
    {
        using var pool = new WorkerPool(2);
        var totals = new int[2];
        Thread[] callers = [.. Enumerable.Range(0, 2).Select(i => new Thread(() =>
        {
            int hits = 0;
            var body = new Count(&hits, one: true);
            for (int round = 0; round < 2000; round++)
            {
                pool.For(7, ref body);
            }

            totals[i] = hits;
        }))];
        foreach (Thread caller in callers)
        {
            caller.Start();
        }

        foreach (Thread caller in callers)
        {
            Assert.True(caller.Join(TimeSpan.FromSeconds(60)));
        }

        Assert.Equal([14_000, 14_000], totals);
    }

    [Fact]
    public unsafe void Idle_workers_take_up_offered_work_and_loops_still_run()
    {
        using var pool = new WorkerPool(2);
        var work = new Pieces(200);
        pool.Offer(work);
        int hits = 0;
        var body = new Count(&hits, one: true);
        var watch = Stopwatch.StartNew();
        while (work.Done < 200 && watch.Elapsed < TimeSpan.FromSeconds(30))
        {
            pool.For(10, ref body);
        }

        pool.Offer(null);
        Assert.Equal(200, work.Done);
        Assert.True(hits > 0 && hits % 10 == 0);
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, work.Threads);
    }

    [Fact]
    public void The_shared_pool_changes_its_size()
    {
        try
        {
            WorkerPool.Configure(3);
            Assert.Equal(3, WorkerPool.Shared.Threads);
            WorkerPool same = WorkerPool.Shared;
            WorkerPool.Configure(3);
            Assert.Same(same, WorkerPool.Shared);
        }
        finally
        {
            WorkerPool.Configure(Environment.ProcessorCount);
        }

        Assert.Equal(Environment.ProcessorCount, WorkerPool.Shared.Threads);
    }

    private readonly unsafe struct Count(int* hits, bool one = false) : IBlockBody
    {
        public void Invoke(int block) => Interlocked.Increment(ref hits[one ? 0 : block]);
    }

    private readonly struct Fail : IBlockBody
    {
        public void Invoke(int block)
        {
            if (block == 5)
            {
                throw new InvalidOperationException("block 5");
            }
        }
    }

    private readonly unsafe struct Nested(WorkerPool pool, int* hits, int* strayed) : IBlockBody
    {
        public void Invoke(int block)
        {
            var inner = new Inner(hits, strayed, Environment.CurrentManagedThreadId);
            pool.For(30, ref inner);
        }
    }

    private readonly unsafe struct Inner(int* hits, int* strayed, int thread) : IBlockBody
    {
        public void Invoke(int block)
        {
            Interlocked.Increment(ref *hits);
            if (Environment.CurrentManagedThreadId != thread)
            {
                Interlocked.Increment(ref *strayed);
            }
        }
    }

    private sealed class Pieces(int count) : IIdleWork
    {
        private int left = count;
        private int done;

        public int Done => Volatile.Read(ref done);

        public System.Collections.Concurrent.ConcurrentBag<int> Threads { get; } = [];

        public bool RunOne()
        {
            if (Interlocked.Decrement(ref left) < 0)
            {
                return false;
            }

            Threads.Add(Environment.CurrentManagedThreadId);
            Interlocked.Increment(ref done);
            return true;
        }
    }
}
