using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

/// <summary>What the tests of methods share: small networks, batches, runs of a few steps, and fits to data.</summary>
internal static class Trial
{
    private const int Length = 100;     // steps of the run that a trial is the beginning of

    public static BackboneOptions SmallResNet { get; } = new() { Width = 4 };

    public static BackboneOptions SmallVit { get; } = new() { Name = BackboneFactory.Vit, PatchSize = 4, Depth = 2, Dim = 24, Heads = 2, Side = 16 };

    /// <summary>Plain descent.</summary>
    public static OptimizerOptions Sgd(double lr = 0.1) => new() { Lr = lr, WeightDecay = 0 };

    public static OptimizerOptions Adam(double lr = 0.01) => new() { Name = "adam", Lr = lr, WeightDecay = 0 };

    /// <summary>A method with its starting values, around a small residual network unless told otherwise.</summary>
    public static T Start<T>(Func<Backbone, T> create, BackboneOptions? model = null, ulong seed = 1)
        where T : Method
    {
        T method = create(BackboneFactory.Build(model ?? SmallResNet));
        method.Initialize(seed);
        return method;
    }

    /// <summary>Noise in views that share most of it, all of it where they are alike; smaller views of half the side are noise of their own.</summary>
    public static Batch Views(int views = 2, int side = 8, int items = 6, bool alike = false, int locals = 0, int[]? labels = null)
    {
        Tensor all = Noise(views, side, 0);
        Span<float> first = all.Rows(0, items).Span;
        for (int i = first.Length; i < all.Length; i++)
        {
            all.Span[i] = first[i % first.Length] + (alike ? 0 : 0.3f * all.Span[i]);
        }

        return new Batch(all, views, [.. Enumerable.Range(0, items)], labels) { Locals = locals > 0 ? Noise(locals, side / 2, 1) : null };

        Tensor Noise(int count, int side, ulong stream)
        {
            Tensor x = Tensor.Lasting(new Shape(count * items, side, side, 3));
            Philox.FillNormal(x.Span, 5, stream, 0);
            return x;
        }
    }

    /// <summary>Smooth pictures in one view or several: each a gradient of its own direction and colours, with some noise.</summary>
    public static Batch Pictures(int items, int side, int views = 1, float noise = 0.2f)
    {
        Tensor x = Tensor.Lasting(new Shape(views * items, side, side, 3));
        Philox.FillNormal(x.Span, 7, 0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            int picture = i / (side * side * 3) % items, row = i / (side * 3) % side, column = i / 3 % side, channel = i % 3;
            double phase = picture + (channel * (1 + (picture % 3)));
            double slope = Math.Sin(phase) + (2.0 * row / side * Math.Cos(0.3 * phase)) + (1.0 * column / side);
            x.Span[i] = (float)((noise * x.Span[i]) + slope - 1);
        }

        return new Batch(x, views, [.. Enumerable.Range(0, items)], null) { Normalization = Normalization.Cifar10 };
    }

    /// <summary>The losses of so many steps on one batch, as the training loop makes them.</summary>
    /// <param name="from">Steps done before.</param>
    /// <param name="found">Takes what the last step reports.</param>
    /// <param name="still">Whether every step draws the same random numbers.</param>
    public static double[] Steps(Method method, Batch batch, int steps = 20, OptimizerOptions? optimizer = null, int from = 0, Diagnostics? found = null, bool still = false)
    {
        optimizer ??= Adam();
        return Steps(method, batch, steps, Optimizer.Create(optimizer, method), optimizer.Lr, from, found, still);
    }

    /// <summary>The same with an optimiser that has a past.</summary>
    public static double[] Steps(Method method, Batch batch, int steps, Optimizer optimizer, double lr, int from = 0, Diagnostics? found = null, bool still = false)
    {
        found ??= new Diagnostics();
        double[] losses = new double[steps];
        for (int step = from; step < from + steps; step++)
        {
            found.Clear();
            method.BeforeStep(step, Length);
            using Scope scope = Scope.Gradient(0, still ? 0 : step);
            Tensor loss = method.Loss(batch, found);
            losses[step - from] = loss.ToScalar();
            scope.Backward(loss);
            optimizer.Step(lr);
            method.AfterStep(step + 1, Length);
        }

        return losses;
    }

    /// <summary>The loss and what was reported beside it; nothing moves but running statistics.</summary>
    public static (double Loss, Diagnostics Found) Look(Method method, Batch batch, ulong seed = 3, long step = 7)
    {
        var found = new Diagnostics();
        using Scope scope = Scope.Gradient(seed, step);
        return (method.Loss(batch, found).ToScalar(), found);
    }

    /// <summary>A method's pass over a batch of all pictures: the targets it gives them, and what it looked at.</summary>
    public static (int[]? Targets, Tensor Rows) Pass(Method method, Batch batch, int round = 0, int? count = null, List<string>? notes = null)
    {
        Stage stage = method.Stage!;
        Tensor rows = Tensor.Lasting(new Shape(batch.Size, stage.Width));
        using Scope scope = Scope.NoGradient();
        method.Eval();
        stage.Look(batch, rows);
        method.Train();
        return (stage.Fit(rows, batch.Items, count ?? batch.Size, new StageContext(3, round, (notes ?? []).Add)), rows);
    }

    /// <summary>Clears the parameters of a part: it gives the same for whatever it gets.</summary>
    public static void Silence(Method method, string part)
    {
        KeyValuePair<string, Tensor>[] parameters = [.. method.NamedParameters().Where(p => p.Key.StartsWith(part, StringComparison.Ordinal))];
        Assert.NotEmpty(parameters);
        foreach (KeyValuePair<string, Tensor> parameter in parameters)
        {
            parameter.Value.Span.Clear();
        }
    }

    /// <summary>A method that takes over the state of another, and its optimiser's, goes on exactly as that one does.</summary>
    public static void StateRoundTrips<T>(Func<ulong, T> start, Batch batch)
        where T : Method
    {
        const double Lr = 0.01;
        T first = start(1), second = start(2);
        Optimizer optimizer = Optimizer.Create(Adam(), first), other = Optimizer.Create(Adam(), second);
        Steps(first, batch, 3, optimizer, Lr);
        Assert.Contains(first.StateDict(), pair => !pair.Value.ToArray().SequenceEqual(second.StateDict()[pair.Key].ToArray()));
        second.Load(first.StateDict());
        other.Load(optimizer.StateDict());
        Assert.Equal(Steps(first, batch, 3, optimizer, Lr, from: 3), Steps(second, batch, 3, other, Lr, from: 3));
        Assert.All(first.StateDict(), pair => Assert.Equal(pair.Value.ToArray(), second.StateDict()[pair.Key].ToArray()));
    }

    /// <summary>The twin under one name begins as the network under another, and after a step it has gone 1 − momentum of the way.</summary>
    public static void TeacherFollows(Method method, Batch batch, string twin, string online, double momentum)
    {
        Dictionary<string, float[]> before = Values(twin);
        Assert.NotEmpty(before);
        Assert.All(Values(online), pair => Assert.Equal(pair.Value, before[pair.Key]));
        Optimizer optimizer = Optimizer.Create(Sgd(), method);
        Assert.DoesNotContain(optimizer.Parameters, p => p.Name!.StartsWith(twin, StringComparison.Ordinal));
        Steps(method, batch, 1, optimizer, 0.5);
        Dictionary<string, float[]> after = Values(twin), learned = Values(online);
        Assert.Contains(learned, pair => !pair.Value.SequenceEqual(before[pair.Key]));
        foreach ((string name, float[] values) in after)
        {
            float[] expected = [.. before[name].Zip(learned[name], (slow, fast) => (float)((momentum * slow) + ((1 - momentum) * fast)))];
            Oracle.AssertWithin(expected, values, 1e-6, name);
        }

        Dictionary<string, float[]> Values(string prefix) => method.NamedParameters()
            .Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(p => p.Key[prefix.Length..], p => p.Value.ToArray());
    }

    /// <summary>What a method's options become for data, and what was said about it.</summary>
    /// <param name="sides">Of the pictures that the encoder is shown.</param>
    /// <param name="given">The keys that the user set.</param>
    public static (T Options, List<string> Notes) Fit<T>(T options, BackboneOptions? model = null, int[]? sides = null, int batch = 8, int items = 1000, params string[] given)
        where T : MethodOptions
    {
        var notes = new List<string>();
        int[] shown = sides ?? [32];
        var fit = new DataFit(given.Contains, notes.Add) { Items = items, BatchSize = batch, Side = shown.Min(), Sides = shown, Model = model ?? SmallResNet };
        return ((T)options.FitTo(fit), notes);
    }

    /// <summary>Why options cannot work with data.</summary>
    public static string Refusal<T>(T options, BackboneOptions? model = null, int[]? sides = null, int batch = 8, int items = 1000, params string[] given)
        where T : MethodOptions =>
        Assert.Throws<ConfigurationException>(() => Fit(options, model, sides, batch, items, given)).Message;
}
