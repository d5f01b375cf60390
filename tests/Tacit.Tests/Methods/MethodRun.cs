using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

/// <summary>Trains a method on one batch, as the training loop does.</summary>
internal static class MethodRun
{
    /// <summary>Two views of some pictures: noise, the second the first with a third as much noise.</summary>
    public static Batch Views(int pictures, int side, int views = 2)
    {
        Tensor pixels = Tensor.Lasting(new Shape(views * pictures, side, side, 3));
        Philox.FillNormal(pixels.Span, 5, 0, 0);
        Span<float> first = pixels.Rows(0, pictures).Span;
        for (int view = 1; view < views; view++)
        {
            Span<float> own = pixels.Rows(view * pictures, pictures).Span;
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = first[i] + (0.3f * own[i]);
            }
        }

        return new Batch(pixels, views, [.. Enumerable.Range(0, pictures)], null);
    }

    /// <summary>The losses of some steps on one batch, numbered from <paramref name="from"/>.</summary>
    public static List<double> Steps(Method method, Optimizer optimizer, Batch batch, int steps, double lr, int from = 0)
    {
        var losses = new List<double>();
        for (int step = from; step < from + steps; step++)
        {
            method.BeforeStep(step, 100);
            using Scope scope = Scope.Gradient(3, step);
            Tensor loss = method.Loss(batch, new Diagnostics());
            losses.Add(loss.ToScalar());
            scope.Backward(loss);
            optimizer.Step(lr);
            method.AfterStep(step + 1, 100);
        }

        return losses;
    }

    /// <summary>A method of the same state, optimiser included, takes the same further steps.</summary>
    public static void ResumesExactly(Func<Method> make, OptimizerOptions options, Batch batch)
    {
        Method first = make();
        Optimizer optimizer = Optimizer.Create(options, first);
        Steps(first, optimizer, batch, 3, options.Lr);
        Method second = make();
        Optimizer other = Optimizer.Create(options, second);
        second.Load(first.StateDict());
        other.Load(optimizer.StateDict());
        Assert.Equal(Steps(first, optimizer, batch, 2, options.Lr, 3), Steps(second, other, batch, 2, options.Lr, 3));
        foreach ((string name, Tensor tensor) in first.StateDict())
        {
            Assert.True(tensor.Span.SequenceEqual(second.StateDict()[name].Span), $"{name} differs after resuming");
        }
    }

    /// <summary>What fitting options to data came to: the options, and what was said.</summary>
    public static (TOptions Options, List<string> Notes) Fit<TOptions>(TOptions options, int batchSize, string[] given, int side = 8, string? model = null, int items = 1000)
        where TOptions : MethodOptions
    {
        var notes = new List<string>();
        var backbone = new BackboneOptions();
        var fit = new DataFit(given.Contains, notes.Add) { Items = items, BatchSize = batchSize, Side = side, Model = model is null ? backbone : backbone with { Name = model } };
        return ((TOptions)options.FitTo(fit), notes);
    }
}
