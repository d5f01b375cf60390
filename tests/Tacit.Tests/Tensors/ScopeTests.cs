using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class ScopeTests
{
    [Fact]
    public void A_tensor_dies_with_its_scope_and_the_error_names_it()
    {
        Tensor x;
        using (Scope.NoGradient())
        {
            x = Tensor.Full(new Shape(2), 1);
            x.Name = "features";
            Assert.Equal([1, 1], x.ToArray());
        }

        var error = Assert.Throws<ObjectDisposedException>(() => x.ToArray());
        Assert.Contains("features [2]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => x.Reshape(1, 2).ToArray());
    }

    [Fact]
    public void A_tensor_stays_dead_when_its_memory_is_used_again()
    {
        Tensor x;
        using (Scope.NoGradient())
        {
            x = Tensor.Full(new Shape(2), 1);
        }

        using Scope next = Scope.NoGradient();
        Tensor y = Tensor.Full(new Shape(2), 2);
        Assert.Throws<ObjectDisposedException>(() => x.ToArray());
        Assert.Equal([2, 2], y.ToArray());
    }

    [Fact]
    public void A_part_lets_its_memory_go_where_nothing_is_recorded()
    {
        const int Length = 1 << 20, Parts = 40;
        (float last, long held) = (0, 0);
        var own = new Thread(() =>          // a thread of its own, whose arena no other test has filled
        {
            Tensor start = Tensor.Lasting(new Shape(Length));
            using Scope scope = Scope.NoGradient();
            Tensor x = start;
            for (int i = 0; i < Parts; i++)
            {
                Tensor input = x;
                x = Scope.Part(() => Ops.Add(Ops.Add(Ops.Add(Ops.Add(input, 1), 1), 1), 1));
            }

            (last, held) = (x.Span[Length - 1], scope.ArenaBytes);
        });
        own.Start();
        own.Join();

        Assert.Equal(4 * Parts, last);
        Assert.InRange(held, 1, 2L * Parts * Length * sizeof(float));      // of 160 results 40 are kept
    }

    [Fact]
    public void A_part_is_recorded_where_gradients_are()
    {
        Tensor w = Tensor.Parameter(new Shape(2));
        w.Span.Fill(3);
        using Scope scope = Scope.Gradient();
        scope.Backward(Ops.Sum(Scope.Part(() => Ops.Square(w))));
        Assert.Equal([6, 6], w.GradientSpan.ToArray());
    }

    [Fact]
    public void What_is_kept_lives_in_the_scope_around()
    {
        Tensor kept, outside;
        using (Scope outer = Scope.Gradient())
        {
            using (Scope inner = Scope.NoGradient())
            {
                kept = inner.Keep(Tensor.Full(new Shape(2), 3));
                outside = Tensor.Full(new Shape(2), 4).ToLasting();
            }

            Assert.Equal([3, 3], kept.ToArray());
        }

        Assert.Throws<ObjectDisposedException>(() => kept.ToArray());
        Assert.Equal([4, 4], outside.ToArray());
    }

    [Fact]
    public void Parameters_outlive_scopes_with_their_gradients()
    {
        Tensor x;
        using (Scope scope = Scope.Gradient())
        {
            x = Tensor.Parameter(new Shape(2));
            scope.Backward(Ops.Sum(x));
        }

        Assert.Equal([1, 1], x.GradientSpan.ToArray());
    }

    [Fact]
    public void Nothing_is_recorded_without_gradient()
    {
        Tensor x = Tensor.Parameter(new Shape(2));
        Assert.False(Ops.Relu(x).RequiresGrad);
        using Scope outer = Scope.Gradient();
        Assert.True(Ops.Relu(x).RequiresGrad);
        using Scope inner = Scope.NoGradient();
        Tensor y = Ops.Sum(x);
        Assert.False(y.RequiresGrad);
        Assert.Throws<InvalidOperationException>(() => inner.Backward(y));
    }

    [Fact]
    public void Steps_after_the_first_take_no_new_memory()
    {
        long first = 0;
        for (int step = 0; step < 4; step++)
        {
            using Scope scope = Scope.Gradient(step: step);
            Tensor x = Tensor.Parameter(new Shape(3000, 1000));
            scope.Backward(Ops.Sum(Ops.Relu(Ops.Relu(x))));
            first = step < 2 ? scope.ArenaBytes : first;
            Assert.Equal(step < 2 ? scope.ArenaBytes : first, scope.ArenaBytes);
        }
    }

    [Fact]
    public void Scopes_end_in_reverse_order()
    {
        Scope outer = Scope.NoGradient();
        Scope inner = Scope.NoGradient();
        Assert.Throws<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        inner.Dispose();
        outer.Dispose();
        Assert.Null(Scope.Current);
    }

    [Fact]
    public void Streams_differ_by_purpose_path_micro_batch_and_call()
    {
        var seen = new HashSet<ulong>();
        using (Scope.Gradient(seed: 1, step: 2))
        {
            Assert.True(seen.Add(Scope.NextStream("dropout", "a")));
            Assert.True(seen.Add(Scope.NextStream("dropout", "a")));
            Assert.True(seen.Add(Scope.NextStream("dropout", "b")));
            Assert.True(seen.Add(Scope.NextStream("mask", "a")));
            using Scope teacher = Scope.NoGradient();
            Assert.Equal((1UL, 2L), (teacher.Seed, teacher.Step));
            Assert.True(seen.Add(Scope.NextStream("dropout", "a")));
        }

        using (Scope.Gradient(seed: 1, step: 2, microBatch: 1))
        {
            Assert.True(seen.Add(Scope.NextStream("dropout", "a")));
        }

        using Scope again = Scope.Gradient(seed: 1, step: 2);
        Assert.False(seen.Add(Scope.NextStream("dropout", "a")));
        Assert.False(seen.Add(Scope.NextStream("dropout", "a")));
    }

    [Fact]
    public void Streams_need_a_scope() => Assert.Throws<InvalidOperationException>(() => Scope.NextStream("dropout", "a"));
}
