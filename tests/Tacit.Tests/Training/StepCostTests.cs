using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Tacit.Tests.Methods;
using Tacit.Tests.Methods.Contrastive;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Training;

/// <summary>
/// What a step of some reference models costs, counted and not timed: a change that runs more operators, computes more, touches more
/// memory or makes more garbage fails here on the busiest machine. One that lowers a figure lowers it here too.
/// </summary>
public sealed class StepCostTests
{
    private const double Slack = 1.02;          // of memory touched
    private const double GarbageSlack = 1.25;   // how much lives on the stack is the compiler's choice

    public static TheoryData<string> References => [.. Models.Keys];

    private static Dictionary<string, Reference> Models { get; } = new()
    {
        ["SimCLR, ResNet-18 of width 16, 2 x 16 views of 32 px"] = new(
            () => Make("simclr", new BackboneOptions { Width = 16 }), () => Trial.Views(side: 32, items: 16),
            "BatchNorm 20+20, Concat 1+0, Conv2d 20+20, CosineSimilarity 1+0, Gather 2+0, GlobalAveragePool 1+1, L2Normalize 4+1, Linear 2+2, MatMul 2+0, " +
            "Mean 2+0, NtXent 1+1, Square 2+0, Subtract 1+0, Sum 2+0",
            6.854017, 193.1, 37),
        ["MAE, ViT-tiny with patches of 4, 8 pictures of 32 px"] = new(
            () => Make("mae", ModelOptions.OfBackbone(BackboneFactory.Vit).Backbone with { Side = 32, PatchSize = 4, Depth = 12, Dim = 192, Heads = 3 }), () => Trial.Pictures(8, 32),
            "Add 30+30, Affine 1+0, Attention 14+14, Concat 1+1, Divide 1+0, Gather 6+3, Gelu 14+14, LayerNorm 30+30, Linear 59+59, Mean 3+1, " +
            "Sqrt 1+0, Square 2+1, Subtract 3+1, Transpose 3+1, Variance 1+0",
            4.957667, 177.5, 68),
        ["wav2vec 2.0, small, 2 x 1 s"] = new(
            () => Make("wav2vec2", ModelOptions.OfBackbone(BackboneFactory.Wav2Vec2).Backbone with { LayerDrop = 0 }), () => WaveTrial.Batch([16000, 16000], 16000),
            "Add 15+15, Affine 8+8, Attention 4+4, Concat 1+1, Conv1d 8+8, CrossEntropy 1+1, Dropout 11+11, Exp 1+1, Gather 4+3, Gelu 12+12, GroupNorm 1+1, " +
            "L2Normalize 6+3, LayerNorm 10+10, Linear 28+28, Log 1+1, MatMul 3+2, Mean 4+2, Multiply 4+4, PackFrames 1+1, SampledProducts 2+1, " +
            "ScaleGradient 1+1, Slice 3+3, Softmax 2+2, Square 3+1, Subtract 2+1, Sum 4+2, Transpose 2+2",
            3.080287, 129.3, 215),
        ["APC, GRU, 4 x 100 frames"] = new(
            () => Make("apc", ModelOptions.OfBackbone(BackboneFactory.Gru).Backbone), () => Frames(4, 100),
            "Abs 3+1, Add 2+2, Dropout 2+2, Gather 4+1, Gru 3+3, Linear 1+1, Mean 3+1, Subtract 3+1",
            2.504294, 30, 16),
    };

    [Theory]
    [MemberData(nameof(References))]
    public void A_step_costs_no_more_than_it_did(string name)
    {
        Reference reference = Models[name];
        Method method = reference.Make();
        Batch batch = reference.Batch();
        Optimizer optimizer = Optimizer.Create(Trial.Adam(), method);
        var found = new Diagnostics();
        Trial.Steps(method, batch, 2, optimizer, 1e-3, found: found);
        var profile = new OperatorProfile();
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (profile.Measure())
        {
            Trial.Steps(method, batch, 1, optimizer, 1e-3, from: 2, found: found);
        }

        long garbage = GC.GetAllocatedBytesForCurrentThread() - before;
        string calls = string.Join(", ", profile.Costs.GroupBy(c => c.Name).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {Calls(g, Pass.Forward)}+{Calls(g, Pass.Backward)}"));
        double operations = profile.Costs.Sum(c => c.Operations) / 1e9, touched = profile.Costs.Sum(c => c.Bytes) / 1e6;
        TestContext.Current.TestOutputHelper!.WriteLine($"{calls}; {operations:R} GFLOP, {touched:0.00} MB, {garbage / 1024.0:0} KB of garbage");
        Assert.Equal(reference.Calls, calls);
        Assert.Equal(reference.Operations, operations, 1e-3 * reference.Operations);
        Assert.InRange(touched, 0.9 * reference.Touched, Slack * reference.Touched);
        Assert.InRange(garbage / 1024.0, 0, GarbageSlack * reference.Garbage);
    }

    private static long Calls(IEnumerable<OperatorCost> costs, Pass pass) => costs.Where(c => c.Pass == pass).Sum(c => c.Calls);

    private static Method Make(string name, BackboneOptions model)
    {
        MethodEntry entry = MethodCatalog.Get(name);
        Method method = entry.Create(BackboneFactory.Build(model), entry.Defaults);
        method.Initialize(1);
        return method;
    }

    private static Batch Frames(int items, int frames)
    {
        Tensor x = Tensor.Lasting(new Shape(items, frames, 80));
        Philox.FillNormal(x.Span, 7, 0, 0);
        return new Batch(x, 1, [.. Enumerable.Range(0, items)], null) { Lengths = [.. Enumerable.Repeat(frames, items)] };
    }

    /// <param name="Calls">Operators with their calls forward and backward.</param>
    /// <param name="Operations">Billions.</param>
    /// <param name="Touched">MB.</param>
    /// <param name="Garbage">KB of managed memory.</param>
    private sealed record Reference(Func<Method> Make, Func<Batch> Batch, string Calls, double Operations, double Touched, double Garbage);
}
