using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

/// <summary>Ten steps with a cosine schedule against PyTorch (SGD, Adam, AdamW) and against plain float64 code (LARS, LAMB).</summary>
public sealed unsafe class OptimizerTests
{
    private const int Steps = 10;

    private static readonly Dictionary<string, Shape> Shapes = new() { ["w"] = new(7, 5), ["b"] = new(5), ["long"] = new(170, 100) };

    private static readonly ScheduleOptions Cosine = new() { Name = "cosine" };

    public static TheoryData<string> Cases =>
        ["sgd", "sgd-momentum", "sgd-nesterov", "sgd-clip", "adam", "adamw", "groups", "lars", "lars-clip", "lamb"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Ten_steps_end_where_the_reference_ends(string label)
    {
        var parameters = Start();
        Optimizer optimizer = Make(label, parameters);

        for (int step = 0; step < Steps; step++)
        {
            Step(optimizer, label, parameters, step);
        }

        SafetensorsContent expected = Oracle.Read("nn-optimizers.safetensors");
        foreach (var (name, parameter) in parameters)
        {
            float[] actual = parameter.ToArray();
            float[] sampled = name == "long" ? [.. actual.Where((_, i) => i % 97 == 0)] : actual;
            Oracle.AssertWithin(expected.Tensors[$"{label}.{name}"].Span, sampled, 2e-6, $"{label}.{name}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_resumed_run_ends_at_the_same_bits(string label)
    {
        using var folder = new TemporaryFolder();
        var whole = Start();
        Optimizer optimizer = Make(label, whole);
        for (int step = 0; step < Steps; step++)
        {
            if (step == 4)
            {
                Safetensors.Write(folder["optimizer"], optimizer.StateDict());
                Safetensors.Write(folder["weights"], whole);
            }

            Step(optimizer, label, whole, step);
        }

        var resumed = Start();
        foreach (var (name, tensor) in Safetensors.Read(folder["weights"]).Tensors)
        {
            tensor.Span.CopyTo(resumed[name].Span);
        }

        Optimizer second = Make(label, resumed);
        second.Load(Safetensors.Read(folder["optimizer"]).Tensors);
        for (int step = 4; step < Steps; step++)
        {
            Step(second, label, resumed, step);
        }

        Assert.All(whole, pair => Assert.Equal(pair.Value.ToArray(), resumed[pair.Key].ToArray()));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Threads_do_not_change_a_bit(string label)
    {
        float[][] Run(int threads)
        {
            WorkerPool.Configure(threads);
            var parameters = Start();
            Optimizer optimizer = Make(label, parameters);
            for (int step = 0; step < 3; step++)
            {
                Step(optimizer, label, parameters, step);
            }

            return [.. parameters.Values.Select(p => p.ToArray())];
        }

        try
        {
            Assert.Equal(Run(1), Run(3));
        }
        finally
        {
            WorkerPool.Configure(Environment.ProcessorCount);
        }
    }

    [Fact]
    public void Lars_values_of_the_toolkits()
    {
        // p = (3, 4), g = (.6, .8), lr .1: by lightly (decay .01, trust .001), and by solo-learn (decay 1e-4, η .02, clipped).
        Assert.Equal([2.9997f, 3.9996f], OneLarsStep(new OptimizerOptions { Name = "lars", Momentum = 0.9, WeightDecay = 0.01, TrustCoefficient = 0.001 }), Near);
        Assert.Equal([2.94f, 3.92f], OneLarsStep(new OptimizerOptions { Name = "lars", WeightDecay = 1e-4, TrustCoefficient = 0.02, ClipTrust = true }), Near);

        // A bias takes the plain step, without decay: p - lr·g.
        Assert.Equal([2.94f, 3.92f], OneLarsStep(new OptimizerOptions { Name = "lars", WeightDecay = 0.5, TrustCoefficient = 0.001 }, new Shape(2)), Near);

        // Unless biases are not to be spared: trust = .001·5 / (1 + .5·5).
        Assert.Equal(
            [3 - (0.1f * 2.1f * 0.005f / 3.5f), 4 - (0.1f * 2.8f * 0.005f / 3.5f)],
            OneLarsStep(new OptimizerOptions { Name = "lars", WeightDecay = 0.5, TrustCoefficient = 0.001, ExcludeOneDimensional = false }, new Shape(2)), Near);
    }

    [Fact]
    public void A_weight_of_zeros_takes_the_plain_step_under_lars_and_lamb()
    {
        var weight = Parameter("w", [0, 0], new Shape(1, 2));
        var lars = new Lars([new ParameterGroup([weight])], new OptimizerOptions { Momentum = 0 });
        SetGradient(weight, [1, -2]);
        lars.Step(0.5);
        Assert.Equal([-0.5f, 1], weight.ToArray());

        var other = Parameter("w", [0, 0], new Shape(1, 2));
        var lamb = new Lamb([new ParameterGroup([other])], new OptimizerOptions());
        SetGradient(other, [1, -2]);
        lamb.Step(0.5);
        Assert.Equal([-0.5f, 0.5f], other.ToArray(), Near);     // Adam's first step is lr times the sign
    }

    [Fact]
    public void A_step_clears_the_gradients_and_leaves_parameters_without_one_alone()
    {
        var moved = Parameter("moved", [1, 1], new Shape(2));
        var still = Parameter("still", [1, 1], new Shape(2));
        Optimizer adam = Optimizer.Create(new OptimizerOptions { Name = "adam", WeightDecay = 1 }, [new ParameterGroup([moved, still]) { WeightDecay = 1 }]);
        SetGradient(moved, [1, 1]);

        adam.Step(0.1);

        Assert.False(moved.HasGradient);
        Assert.Equal([0.9f, 0.9f], moved.ToArray(), Near);
        Assert.Equal([1f, 1f], still.ToArray());
        Assert.Equal(1, adam.StateDict()["optim.step.moved"].ToScalar());
        Assert.Equal(0, adam.StateDict()["optim.step.still"].ToScalar());
    }

    [Fact]
    public void A_parameter_that_thaws_later_starts_its_own_count()
    {
        var early = Parameter("early", [1, 1], new Shape(2));
        var late = Parameter("late", [1, 1], new Shape(2));
        Optimizer adam = Optimizer.Create(new OptimizerOptions { Name = "adam" }, [new ParameterGroup([early, late])]);
        for (int step = 0; step < 5; step++)
        {
            SetGradient(early, [1, 1]);
            adam.Step(0.1);
        }

        SetGradient(late, [0.001f, -1000]);
        adam.Step(0.1);

        // The first corrected step is lr whatever the gradient's size.
        Assert.Equal([0.9f, 1.1f], late.ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void The_norm_is_over_all_parameters_and_clipping_is_PyTorchs()
    {
        var a = Parameter("a", [0, 0], new Shape(2));
        var b = Parameter("b", [0], new Shape(1));
        var c = Parameter("c", [0], new Shape(1));
        Optimizer sgd = Optimizer.Create(new OptimizerOptions { Momentum = 0 }, [new ParameterGroup([a, b, c])]);
        SetGradient(a, [2, 4]);
        SetGradient(b, [4]);

        GradientNorm norm = sgd.MeasureGradients();

        Assert.Equal(6, norm.Value, 12);
        Assert.Null(norm.NotFinite);
        Assert.Equal(3, sgd.MeasureGradients(0.5).Value, 12);
        Assert.Equal(2 / (6 + 1e-6), norm.ClipScale(2), 12);
        Assert.Equal(1, norm.ClipScale(7));
        Assert.Equal(1, norm.ClipScale(0));
    }

    [Fact]
    public void A_large_finite_gradient_is_finite_and_a_bad_one_is_named()
    {
        var a = Parameter("backbone.a", new float[40_000], new Shape(200, 200));
        var b = Parameter("head.b", new float[40_000], new Shape(200, 200));
        Optimizer sgd = Optimizer.Create(new OptimizerOptions(), [new ParameterGroup([a, b])]);
        SetGradient(a, [.. Enumerable.Repeat(1e30f, 40_000)]);
        SetGradient(b, new float[40_000]);
        Assert.Equal(1e30 * 200, sgd.MeasureGradients().Value, 1e26);
        Assert.Null(sgd.MeasureGradients().NotFinite);

        b.GradientSpan[39_999] = float.NaN;
        Assert.Equal("head.b", sgd.MeasureGradients().NotFinite);
        Assert.Equal(double.NaN, sgd.MeasureGradients().Value);

        a.GradientSpan[20_000] = float.NegativeInfinity;
        Assert.Equal("backbone.a", sgd.MeasureGradients().NotFinite);
    }

    [Fact]
    public void Micro_batches_scaled_by_their_number_are_one_batch()
    {
        var together = Parameter("p", [1, 2], new Shape(2));
        Optimizer one = Optimizer.Create(new OptimizerOptions(), [new ParameterGroup([together])]);
        SetGradient(together, [3, 5]);
        one.Step(0.1);

        var apart = Parameter("p", [1, 2], new Shape(2));
        Optimizer two = Optimizer.Create(new OptimizerOptions(), [new ParameterGroup([apart])]);
        SetGradient(apart, [2, 4]);
        SetGradient(apart, [4, 6]);
        two.Step(0.1, gradientScale: 0.5);

        Assert.Equal(together.ToArray(), apart.ToArray());
    }

    [Fact]
    public void Biases_and_norms_are_spared_where_asked()
    {
        var network = new Sequential(new Linear(2, 3), new BatchNorm(3));
        network.Initialize(1);
        var options = new OptimizerOptions { WeightDecay = 0.1 };

        ParameterGroup all = Assert.Single(ParameterGroup.Of(network, options));
        IReadOnlyList<ParameterGroup> split = ParameterGroup.Of(network, options with { ExcludeOneDimensional = true }, lrScale: 2);

        Assert.Equal(4, all.Parameters.Count);
        Assert.Equal(["0.weight"], split[0].Parameters.Select(p => p.Name));
        Assert.Equal(["0.bias", "1.weight", "1.bias"], split[1].Parameters.Select(p => p.Name));
        Assert.Equal((0.1, true, 2.0), (split[0].WeightDecay, split[0].Adapt, split[0].LrScale));
        Assert.Equal((0.0, false, 2.0), (split[1].WeightDecay, split[1].Adapt, split[1].LrScale));
        Assert.Equal(2, ParameterGroup.Of(network, options with { Name = "lars" }).Count);
        Assert.Single(ParameterGroup.Of(network, options with { Name = "lars", ExcludeOneDimensional = false }));
    }

    [Fact]
    public void A_state_that_does_not_fit_is_refused()
    {
        Optimizer adam = Optimizer.Create(new OptimizerOptions { Name = "adam" }, [new ParameterGroup([Parameter("p", [1], new Shape(1))])]);
        Optimizer sgd = Optimizer.Create(new OptimizerOptions(), [new ParameterGroup([Parameter("p", [1], new Shape(1))])]);

        var error = Assert.Throws<TacitException>(() => adam.Load(sgd.StateDict()));

        Assert.Equal(
            "The saved state of the optimiser does not fit this run: missing: optim.exp_avg.p, optim.exp_avg_sq.p; unexpected: optim.momentum_buffer.p.",
            error.Message);
    }

    [Fact]
    public void An_unknown_name_lists_the_known_ones() =>
        Assert.Equal(
            "There is no optimiser 'sdg'; choose one of sgd, adam, adamw, lars, lamb.",
            Assert.Throws<TacitException>(() => Optimizer.Create(new OptimizerOptions { Name = "sdg" }, [])).Message);

    [Fact]
    public void A_step_allocates_next_to_nothing()
    {
        var parameters = Start();
        Optimizer optimizer = Make("lamb", parameters);
        Step(optimizer, "lamb", parameters, 0);
        foreach (Tensor parameter in parameters.Values)
        {
            SetGradient(parameter, new float[parameter.Length]);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        optimizer.Step(0.1, optimizer.MeasureGradients().ClipScale(1));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2048);
    }

    private static bool Near(float a, float b) => Math.Abs(a - b) < 1e-6;

    private static float[] OneLarsStep(OptimizerOptions options, Shape? shape = null)
    {
        var parameter = Parameter("p", [3, 4], shape ?? new Shape(1, 2));
        bool adapt = shape is null || options.ExcludeOneDimensional == false;
        Optimizer lars = Optimizer.Create(options, [new ParameterGroup([parameter]) { WeightDecay = adapt ? options.WeightDecay : 0, Adapt = adapt }]);
        SetGradient(parameter, [0.6f, 0.8f]);
        lars.Step(0.1);
        return parameter.ToArray();
    }

    private static OrderedDictionary<string, Tensor> Start()
    {
        var parameters = new OrderedDictionary<string, Tensor>();
        foreach (var (name, shape) in Shapes)
        {
            parameters.Add(name, Parameter(name, Hashed.Singles(shape.Length, name.Length), shape));
        }

        return parameters;
    }

    private static Optimizer Make(string label, OrderedDictionary<string, Tensor> parameters)
    {
        OptimizerOptions options = label switch
        {
            "sgd" => new() { Momentum = 0, WeightDecay = 0 },
            "sgd-momentum" => new() { WeightDecay = 0.01 },
            "sgd-nesterov" => new() { WeightDecay = 0.01, Nesterov = true },
            "sgd-clip" => new() { WeightDecay = 0, ClipNorm = 2 },
            "groups" => new(),
            "adam" => new() { Name = "adam", WeightDecay = 0.1 },
            "adamw" => new() { Name = "adamw", WeightDecay = 0.1, Beta1 = 0.8, Beta2 = 0.95 },
            "lars" => new() { Name = "lars", WeightDecay = 0.01, TrustCoefficient = 0.02 },
            "lars-clip" => new() { Name = "lars", WeightDecay = 0.01, TrustCoefficient = 0.02, ClipTrust = true },
            _ => new() { Name = "lamb", WeightDecay = 0.1, Beta2 = 0.99, Epsilon = 1e-6 },
        };
        Tensor[] all = [.. parameters.Values];
        ParameterGroup[] groups = label switch
        {
            "groups" => [new([all[0], all[2]]) { WeightDecay = 0.05 }, new([all[1]]) { LrScale = 0.5 }],
            _ when options.Name is "lars" or "lamb" => [new([all[0], all[2]]) { WeightDecay = options.WeightDecay }, new([all[1]]) { Adapt = false }],
            _ => [new(all) { WeightDecay = options.WeightDecay }],
        };
        return Optimizer.Create(options, groups);
    }

    private static void Step(Optimizer optimizer, string label, OrderedDictionary<string, Tensor> parameters, int step)
    {
        foreach (var (name, parameter) in parameters)
        {
            SetGradient(parameter, Hashed.Singles(parameter.Length, (100 * name.Length) + step, 0.5));
        }

        double peak = label switch { "adam" or "adamw" => 0.01, "lars" or "lars-clip" => 0.5, "lamb" => 0.02, _ => 0.1 };
        double scale = label == "sgd-clip" ? optimizer.MeasureGradients().ClipScale(2) : 1;
        optimizer.Step(peak * Schedules.LrShare(Cosine, step, Steps), scale);
    }

    private static Tensor Parameter(string name, float[] values, Shape shape)
    {
        var parameter = Tensor.Parameter(shape, name);
        values.CopyTo(parameter.Span);
        return parameter;
    }

    /// <summary>As an operator's backward does: the first writer stores, later ones add.</summary>
    private static void SetGradient(Tensor parameter, float[] values)
    {
        Gradient target = parameter.GradientTarget();
        for (int i = 0; i < values.Length; i++)
        {
            target.Data[i] = values[i] + (target.Add ? target.Data[i] : 0);
        }
    }
}
