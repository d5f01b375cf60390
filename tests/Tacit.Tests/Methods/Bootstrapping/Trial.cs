using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Bootstrapping;

/// <summary>What the tests of this family's methods share: small networks, batches, and runs of a few steps.</summary>
internal static class Trial
{
    public static BackboneOptions SmallResNet { get; } = new() { Width = 4 };

    public static BackboneOptions SmallVit { get; } = new() { Name = BackboneFactory.Vit, PatchSize = 4, Depth = 2, Dim = 24, Heads = 2, Side = 16 };

    /// <summary>A method with its starting values.</summary>
    public static T Start<T>(Func<Backbone, T> create, BackboneOptions backbone, ulong seed = 1)
        where T : Method
    {
        T method = create(BackboneFactory.Build(backbone));
        method.Initialize(seed);
        return method;
    }

    /// <summary>Views of 6 pictures: noise around each picture, none where views are to be alike.</summary>
    public static Batch Pictures(int views, int side = 8, int locals = 0, float noise = 0.3f, int items = 6)
    {
        Tensor all = Views(views, side), small = Views(locals, side / 2);
        return new Batch(all, views, [.. Enumerable.Range(0, items)], null) { Locals = locals > 0 ? small : null };

        Tensor Views(int count, int side)
        {
            Tensor x = Tensor.Lasting(new Shape(count * items, side, side, 3));
            Philox.FillNormal(x.Span, 5, (ulong)side, 0);
            for (int i = x.Length / Math.Max(1, count); i < x.Length; i++)
            {
                x.Span[i] = x.Span[i - (x.Length / count)] + (noise * x.Span[i]);
            }

            return x;
        }
    }

    /// <summary>The losses of so many steps on one batch.</summary>
    public static double[] Steps(Method method, Batch batch, int steps = 20, double lr = 0.01, Optimizer? optimizer = null)
    {
        optimizer ??= Optimizer.Create(new OptimizerOptions { Name = "adam", WeightDecay = 0 }, method);
        double[] losses = new double[steps];
        for (int step = 0; step < steps; step++)
        {
            method.BeforeStep(step, steps);
            using Scope scope = Scope.Gradient(0, step);
            Tensor loss = method.Loss(batch, new Diagnostics());
            losses[step] = loss.ToScalar();
            scope.Backward(loss);
            optimizer.Step(lr);
            method.AfterStep(step + 1, steps);
        }

        return losses;
    }

    /// <summary>The loss and what was reported beside it; nothing moves but running statistics.</summary>
    public static (double Loss, Diagnostics Found) Look(Method method, Batch batch)
    {
        var found = new Diagnostics();
        using Scope scope = Scope.Gradient(3, 7);
        return (method.Loss(batch, found).ToScalar(), found);
    }

    /// <summary>A method that takes over the state of another goes on exactly as that one does.</summary>
    public static void StateRoundTrips<T>(Func<ulong, T> start, Batch batch)
        where T : Method
    {
        T first = start(1), second = start(2);
        Steps(first, batch, 3);
        Assert.NotEqual(Look(first, batch).Loss, Look(second, batch).Loss);
        second.Load(first.StateDict());
        Assert.Equal(Steps(first, batch, 3), Steps(second, batch, 3));
        Assert.All(first.StateDict(), pair => Assert.Equal(pair.Value.ToArray(), second.StateDict()[pair.Key].ToArray()));
    }

    /// <summary>The twin under one name begins as the network under another, and after a step it has gone 1 − momentum of the way.</summary>
    public static void TeacherFollows(Method method, Batch batch, string twin, string online, double momentum)
    {
        Dictionary<string, float[]> before = Values(twin);
        Assert.NotEmpty(before);
        Assert.All(Values(online), pair => Assert.Equal(pair.Value, before[pair.Key]));
        method.BeforeStep(0, 100);
        using (Scope scope = Scope.Gradient())
        {
            Optimizer optimizer = Optimizer.Create(new OptimizerOptions(), method);
            Assert.DoesNotContain(optimizer.Parameters, p => p.Name!.StartsWith(twin, StringComparison.Ordinal));
            scope.Backward(method.Loss(batch, new Diagnostics()));
            optimizer.Step(0.5);
        }

        method.AfterStep(1, 100);
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
    public static (MethodOptions Options, List<string> Notes) Fit(
        MethodOptions options, BackboneOptions model, int side = 32, int batch = 8, params string[] given)
    {
        var notes = new List<string>();
        MethodOptions fitted = options.FitTo(new DataFit(given.Contains, notes.Add) { Items = 100, BatchSize = batch, Side = side, Model = model });
        return (fitted, notes);
    }

    public static string Refusal(MethodOptions options, BackboneOptions model, int side = 32, int batch = 8, params string[] given) =>
        Assert.Throws<ConfigurationException>(() => Fit(options, model, side, batch, given)).Message;
}
