using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

/// <summary>Pictures for methods, and twenty steps on them.</summary>
internal static class PretextRun
{
    /// <summary>A batch of smooth pictures: each a gradient of its own direction and colours, with some noise.</summary>
    public static Batch Batch(int pictures, int side, int views = 1, ulong stream = 0)
    {
        var tensor = Tensor.Lasting(new Shape(views * pictures, side, side, 3));
        Philox.FillNormal(tensor.Span, 7, stream, 0);
        for (int i = 0; i < tensor.Length; i++)
        {
            int picture = i / (side * side * 3) % pictures, y = i / (side * 3) % side, x = i / 3 % side, channel = i % 3;
            double phase = picture + (channel * (1 + (picture % 3)));
            double slope = Math.Sin(phase) + (2.0 * y / side * Math.Cos(0.3 * phase)) + (1.0 * x / side);
            tensor.Span[i] = (float)((0.2 * tensor.Span[i]) + slope - 1);
        }

        return new Batch(tensor, views, [.. Enumerable.Range(0, pictures)], null) { Normalization = Normalization.Cifar10 };
    }

    /// <summary>Twenty steps with the same random numbers; the loss of the first and the last.</summary>
    public static (double First, double Last) Learn(Method method, Batch batch, double lr = 0.05)
    {
        Optimizer optimizer = Optimizer.Create(new OptimizerOptions { Lr = lr }, method);
        var losses = new List<double>();
        for (int step = 0; step < 20; step++)
        {
            using Scope scope = Scope.Gradient(seed: 0, step: 0);
            Tensor loss = method.Loss(batch, new Diagnostics());
            losses.Add(loss.ToScalar());
            scope.Backward(loss);
            optimizer.Step(lr);
        }

        return (losses[0], losses[^1]);
    }

    /// <summary>The loss of a method whose last layer's weights and bias are zero: every answer is as likely as any other.</summary>
    public static double LossOfUniformAnswers(Method method, Batch batch, string head)
    {
        foreach (var (name, parameter) in method.NamedParameters())
        {
            if (name == $"{head}.weight" || name == $"{head}.bias")
            {
                parameter.Span.Clear();
            }
        }

        using Scope scope = Scope.Gradient();
        return method.Loss(batch, new Diagnostics()).ToScalar();
    }

    /// <summary>Loads a method's state into a second one and finds the same loss on the same numbers.</summary>
    public static void AssertStateRoundTrips(Method trained, Method fresh, Batch batch)
    {
        var state = new Dictionary<string, Tensor>(trained.StateDict().Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToLasting())));
        fresh.Load(state);
        Assert.Equal(Loss(trained), Loss(fresh));

        float Loss(Method method)
        {
            using Scope scope = Scope.Gradient(seed: 3, step: 5);
            return method.Loss(batch, new Diagnostics()).ToScalar();
        }
    }
}
