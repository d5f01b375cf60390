using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Tests.Methods;

/// <summary>A small network, and a batch of noise in two views that share most of it.</summary>
internal static class TwoViews
{
    /// <summary>A residual network of four channels with its first values.</summary>
    public static T Make<T>(Func<Backbone, T> create, BackboneOptions? model = null)
        where T : Method
    {
        T method = create(BackboneFactory.Build(model ?? new BackboneOptions { Width = 4 }));
        method.Initialize(1);
        return method;
    }

    /// <summary>[2N, 8, 8, 3], and smaller crops of 4 pixels' noise if asked for.</summary>
    public static Batch Batch(int pictures = 6, bool alike = false, int locals = 0, int[]? labels = null)
    {
        Tensor views = Tensor.Lasting(new Shape(2 * pictures, 8, 8, 3));
        Philox.FillNormal(views.Span, 5, 0, 0);
        Tensor first = views.Rows(0, pictures), second = views.Rows(pictures, pictures);
        for (int i = 0; i < first.Length; i++)
        {
            second.Span[i] = alike ? first.Span[i] : first.Span[i] + (0.3f * second.Span[i]);
        }

        Tensor? small = null;
        if (locals > 0)
        {
            small = Tensor.Lasting(new Shape(locals * pictures, 4, 4, 3));
            Philox.FillNormal(small.Span, 5, 1, 0);
        }

        return new Batch(views, 2, [.. Enumerable.Range(0, pictures)], labels) { Locals = small };
    }

    /// <summary>Steps of plain descent on one batch, as the trainer makes them. Returns each step's loss before it.</summary>
    public static List<double> Train(Method method, Batch batch, int steps = 20, double lr = 0.1, Diagnostics? diagnostics = null, int from = 0)
    {
        Optimizer optimizer = Optimizer.Create(new OptimizerOptions { Lr = lr, WeightDecay = 0 }, method);
        var losses = new List<double>();
        for (int step = from; step < from + steps; step++)
        {
            diagnostics?.Clear();
            method.BeforeStep(step, 100);
            using Scope scope = Scope.Gradient(0, step);
            Tensor loss = method.Loss(batch, diagnostics ?? new Diagnostics());
            losses.Add(loss.ToScalar());
            scope.Backward(loss);
            optimizer.Step(lr);
            method.AfterStep(step + 1, 100);
        }

        return losses;
    }

    /// <summary>Fits options to so many pictures as before a run.</summary>
    public static T Fit<T>(T options, int items, int batch, List<string>? notes = null, string[]? given = null)
        where T : MethodOptions =>
        (T)options.FitTo(new DataFit((given ?? []).Contains, (notes ?? []).Add) { Items = items, BatchSize = batch, Side = 16, Model = new BackboneOptions() });

    /// <summary>That a method loaded from another's state goes on exactly as the other does.</summary>
    public static void AssertStateIsAll(Func<Method> make, Batch batch)
    {
        Method first = make(), second = make();
        Train(first, batch, 3);
        second.Load(first.StateDict());
        Xunit.Assert.Equal(Train(first, batch, 3, from: 3), Train(second, batch, 3, from: 3));
    }
}
