using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Tensors;

public sealed class OperatorProfileTests
{
    private const int Rows = 50, Inputs = 30, Outputs = 20;

    [Fact]
    public void A_linear_layer_is_three_products_over_its_numbers()
    {
        OperatorProfile profile = Run();
        OperatorCost forward = Of(profile, "Linear", Pass.Forward), backward = Of(profile, "Linear", Pass.Backward);
        Assert.Equal((1, 1), (forward.Calls, backward.Calls));
        Assert.Equal(2L * Rows * Inputs * Outputs, forward.Operations);
        Assert.Equal(2 * forward.Operations, backward.Operations);      // the input's gradient and the weight's
        Assert.Equal(4L * ((Rows * Inputs) + (Outputs * Inputs) + (Rows * Outputs)), forward.Bytes);
        Assert.Equal(4L * ((Rows * Outputs) + (Rows * Inputs) + (Outputs * Inputs)), backward.Bytes);
        Assert.True(forward.Seconds > 0 && backward.Seconds > 0);
    }

    [Fact]
    public void Parts_hold_the_operators_within_and_come_after_them()
    {
        OperatorProfile profile = Run();
        OperatorCost part = Of(profile, "forward", Pass.Part);
        Assert.True(part.Seconds >= Of(profile, "Linear", Pass.Forward).Seconds + Of(profile, "Mean", Pass.Forward).Seconds);
        Assert.Equal(["Linear", "Square", "Mean", "forward", "Mean", "Square", "Linear"], profile.Events.Select(e => e.Name));
    }

    [Fact]
    public void Nothing_is_counted_outside_a_measurement()
    {
        var profile = new OperatorProfile();
        using (profile.Measure())
        {
            // Nothing happens here.
        }

        using (Scope.Gradient())
        {
            Ops.Mean(Tensor.Zeros(new Shape(4)));
        }

        using (OperatorProfile.Part("forward"))
        {
            Assert.Empty(profile.Costs);
        }

        Assert.Empty(profile.Costs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Counts_do_not_depend_on_threads(int threads)
    {
        OperatorCost[] Attend()
        {
            Tensor qkv = Tensor.Parameter(new Shape(3, 40, 3, 2, 16));
            Philox.FillNormal(qkv.Span, 1, 0, 0);
            var profile = new OperatorProfile();
            using (profile.Measure())
            using (Scope scope = Scope.Gradient())
            {
                scope.Backward(Ops.Mean(Ops.Attention(qkv)));
            }

            return [.. profile.Costs.OrderBy(c => (c.Name, c.Pass))];
        }

        OperatorCost[] usual = Attend(), other;
        try
        {
            WorkerPool.Configure(threads);
            other = Attend();
        }
        finally
        {
            WorkerPool.Configure(Environment.ProcessorCount);
        }

        Assert.Equal(usual.Select(c => (c.Name, c.Pass, c.Calls, c.Operations, c.Bytes)), other.Select(c => (c.Name, c.Pass, c.Calls, c.Operations, c.Bytes)));
        Assert.Equal(2 * 2L * 3 * 2 * 40 * 40 * 16, usual.Single(c => c is { Name: "Attention", Pass: Pass.Forward }).Operations);
    }

    private static OperatorCost Of(OperatorProfile profile, string name, Pass pass) => Assert.Single(profile.Costs, c => c.Name == name && c.Pass == pass);

    private static OperatorProfile Run()
    {
        Tensor x = Tensor.Parameter(new Shape(Rows, Inputs)), weight = Tensor.Parameter(new Shape(Outputs, Inputs));
        var profile = new OperatorProfile(eventLimit: 100);
        using (profile.Measure())
        using (Scope scope = Scope.Gradient())
        {
            Tensor loss;
            using (OperatorProfile.Part("forward"))
            {
                loss = Ops.Mean(Ops.Square(Ops.Linear(x, weight)));
            }

            scope.Backward(loss);
        }

        return profile;
    }
}
