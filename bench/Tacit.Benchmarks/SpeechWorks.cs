using System.Text.Json.Nodes;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Benchmarks;

/// <summary>Training steps of speech encoders.</summary>
internal static class SpeechWorks
{
    public static IEnumerable<Work> All()
    {
        yield return RecurrentStep("gru", 1.3, () => new Gru(80, 512, 3));
        yield return RecurrentStep("lstm", 0, () => new Lstm(80, 512, 3));
    }

    /// <summary>Forward, mean square, backward and Adam on 16 × 400 frames of 80.</summary>
    private static Work RecurrentStep(string kind, double target, Func<RecurrentLayer> make) => new()
    {
        Name = $"{kind} step, 3 x 512 on 16 x 400 x 80",
        Target = target,
        Runs = 1,
        Requests = [new JsonObject { ["work"] = $"{kind}-step", ["layers"] = 3, ["hidden"] = 512, ["items"] = 16, ["frames"] = 400, ["input"] = 80 }],
        Prepare = () =>
        {
            RecurrentLayer layer = make();
            layer.Initialize(0);
            Optimizer optimizer = Optimizer.Create(new OptimizerOptions { Name = "adam" }, layer);
            var input = Tensor.Lasting(new Shape(16, 400, 80));
            Philox.FillNormal(input.Span, 0, 1, 0);
            long step = 0;
            return () =>
            {
                using Scope scope = Scope.Gradient(0, step++);
                scope.Backward(Ops.Mean(Ops.Square(layer.Forward(input))));
                optimizer.Step(1e-4);
            };
        },
    };
}
