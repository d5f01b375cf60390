using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class FeatureQueueTests
{
    /// <summary>
    /// Five places, three rows a step: 0 1 2 | 3 4 and round to 0 | 1 2 3. What a reader sees is what was there before the push.
    /// </summary>
    [Fact]
    public void RowsAreWrittenAsARing()
    {
        var queue = new FeatureQueue(5, 2);
        Assert.Equal(new Shape(0, 2), queue.Rows.Shape);

        queue.Push(Batch(10));
        Assert.Equal(0, queue.Count);
        queue.Commit();
        Assert.Equal([10, 10, 11, 11, 12, 12], queue.Rows.ToArray());

        queue.Push(Batch(20));
        Assert.Equal([10, 10, 11, 11, 12, 12], queue.Rows.ToArray());
        queue.Commit();
        Assert.True(queue.Full);
        Assert.Equal([22, 22, 11, 11, 12, 12, 20, 20, 21, 21], queue.Rows.ToArray());

        queue.Push(Batch(30));
        queue.Commit();
        Assert.Equal([22, 22, 30, 30, 31, 31, 32, 32, 21, 21], queue.Rows.ToArray());
    }

    [Fact]
    public void MicroBatchesOfAStepAreWrittenTogetherInTheirOrder()
    {
        var queue = new FeatureQueue(7, 2);
        queue.Push(Batch(10));
        queue.Push(Batch(20));
        Assert.Equal(0, queue.Count);
        queue.Commit();
        Assert.Equal([10, 10, 11, 11, 12, 12, 20, 20, 21, 21, 22, 22], queue.Rows.ToArray());
        queue.Commit();
        Assert.Equal(6, queue.Count);
    }

    [Fact]
    public void OfMoreThanItHoldsTheLastStay()
    {
        var queue = new FeatureQueue(2, 2);
        queue.Push(Batch(10));
        queue.Commit();
        Assert.Equal([12, 12, 11, 11], queue.Rows.ToArray());
    }

    [Fact]
    public void ItsStateGoesOnElsewhere()
    {
        FeatureQueue first = new(5, 2), second = new(5, 2);
        first.Push(Batch(10));
        first.Commit();
        first.Push(Batch(20));
        first.Commit();
        second.Load(first.StateDict());
        foreach (FeatureQueue queue in new[] { first, second })
        {
            queue.Push(Batch(30));
            queue.Commit();
        }

        Assert.Equal(["rows", "next", "count"], first.StateDict().Keys);
        Assert.Equal(first.Rows.ToArray(), second.Rows.ToArray());
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureQueue(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureQueue(-1, 2));
        Assert.Contains("[1, 3]", Assert.Throws<ShapeException>(() => new FeatureQueue(5, 2).Push(Tensor.Lasting(new Shape(1, 3)))).Message, StringComparison.Ordinal);
    }

    /// <summary>Three rows: first, first + 1, first + 2, each twice.</summary>
    private static Tensor Batch(float first) => Tensor.From([first, first, first + 1, first + 1, first + 2, first + 2], new Shape(3, 2));
}
