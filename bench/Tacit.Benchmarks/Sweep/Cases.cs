using Tacit.Tensors;

namespace Tacit.Benchmarks;

/// <summary>The sizes of the sweep: those of the reference models, and ragged ones.</summary>
internal static class Cases
{
    private const string Product = "product", Convolution = "convolution", Operator = "operator";

    public static IEnumerable<Case> All() => [.. Products(), .. Convolutions(), .. Sequences(), .. Operators()];

    private static IEnumerable<Case> Products() => new (string What, int M, int N, int K)[]
    {
        ("square", 1024, 1024, 1024),
        ("prime", 1021, 509, 769),
        ("ViT-tiny in", 4160, 576, 192),
        ("ViT-tiny up", 4160, 768, 192),
        ("ViT-tiny down", 4160, 192, 768),
        ("65 tokens of one", 65, 768, 192),
        ("wav2vec 2.0 base", 499, 3072, 768),
        ("39 features", 6400, 512, 39),
        ("GRU in", 6400, 1536, 512),
        ("batch of 1", 1, 2048, 2048),
        ("probe", 4096, 10, 512),
    }
    .SelectMany(p => Both(Product, $"{p.What} {p.M}×{p.K}·{p.K}×{p.N}", p.N, p.K, [p.M, p.K], [p.N, p.K], (x, w) => Ops.Linear(x, w)));

    private static IEnumerable<Case> Convolutions() => new (int Batch, int Side, int In, int Out, int Kernel, int Stride)[]
    {
        (64, 32, 64, 64, 3, 1),
        (64, 16, 128, 128, 3, 1),
        (64, 8, 256, 256, 3, 1),
        (64, 4, 512, 512, 3, 1),
        (64, 32, 64, 128, 3, 2),
        (64, 16, 128, 256, 1, 1),
        (256, 32, 16, 16, 3, 1),
        (256, 16, 32, 32, 3, 1),
        (256, 8, 64, 64, 3, 1),
        (64, 32, 3, 64, 3, 1),
        (256, 32, 3, 16, 3, 1),
        (1, 224, 3, 64, 7, 2),
        (1, 56, 64, 64, 3, 1),
        (7, 31, 37, 41, 3, 1),
    }
    .SelectMany(c => Both(
        Convolution,
        $"{c.Kernel}×{c.Kernel}{(c.Stride > 1 ? $"/{c.Stride}" : "")} {c.In}→{c.Out}, {c.Batch}×{c.Side}×{c.Side}",
        c.Out,
        c.In,
        [c.Batch, c.Side, c.Side, c.In],
        [c.Out, c.In, c.Kernel, c.Kernel],
        (x, w) => Ops.Conv2d(x, w, stride: c.Stride, padding: c.Kernel / 2),
        input: c.In > 3));

    private static IEnumerable<Case> Sequences() => new (int Batch, int Time, int In, int Out, int Kernel, int Stride, int Groups)[]
    {
        (8, 12799, 256, 256, 3, 2, 1),
        (8, 1599, 256, 256, 3, 2, 1),
        (8, 399, 256, 256, 2, 2, 1),
        (8, 199, 256, 256, 32, 1, 16),
    }
    .SelectMany(c => Both(
        Convolution,
        $"{c.Kernel}/{c.Stride} {c.In}→{c.Out}{(c.Groups > 1 ? $" in {c.Groups} groups" : "")}, {c.Batch}×{c.Time}",
        c.Out / c.Groups,
        c.In / c.Groups,
        [c.Batch, c.Time, c.In],
        [c.Out, c.In / c.Groups, c.Kernel],
        (x, w) => Ops.Conv1d(x, w, stride: c.Stride, padding: c.Groups > 1 ? c.Kernel / 2 : 0, groups: c.Groups)));

    /// <summary>Operators that compute little for each number they read or write, on 48 MB, which no cache here holds.</summary>
    private static IEnumerable<Case> Operators()
    {
        const int Rows = 12288, Columns = 1024;
        var shared = new Lazy<(Tensor Plain, Tensor Traced, Tensor Other, Tensor Scale, Tensor Shift)>(
            () => (Normal(false, Rows, Columns), Normal(true, Rows, Columns), Normal(false, Rows, Columns), Normal(false, Columns), Normal(false, Columns)));
        (string Name, Func<Tensor, Tensor> Run)[] operators =
        [
            ("ReLU", Ops.Relu),
            ("GELU", x => Ops.Gelu(x)),
            ("sum of two", x => Ops.Add(x, shared.Value.Other)),
            ("bias", x => Ops.Add(x, shared.Value.Shift)),
            ("softmax", x => Ops.Softmax(x)),
            ("batch norm + ReLU", x => Ops.BatchNorm(x, shared.Value.Scale, shared.Value.Shift, null, null, training: true, relu: true)),
            ("layer norm", x => Ops.LayerNorm(x, shared.Value.Scale, shared.Value.Shift)),
            ("dropout", x => Ops.Dropout(x, 0.1f, "sweep")),
        ];
        foreach ((string name, Func<Tensor, Tensor> run) in operators)
        {
            yield return new Case(Operator, name, Direction.Forward, Columns, () => run(shared.Value.Plain));
            yield return new Case(Operator, name, Direction.Backward, Columns, () => run(Fresh(shared.Value.Traced)));
        }
    }

    private static IEnumerable<Case> Both(
        string group, string name, int outputs, int inputs, int[] x, int[] weight, Func<Tensor, Tensor, Tensor> run, bool input = true)
    {
        var tensors = new Lazy<(Tensor X, Tensor Weight, Tensor TracedX, Tensor TracedWeight)>(
            () => (Normal(false, x), Normal(false, weight), Normal(true, x), Normal(true, weight)));
        yield return new Case(group, name, Direction.Forward, outputs, () => run(tensors.Value.X, tensors.Value.Weight));
        if (input)
        {
            yield return new Case(group, name, Direction.InputGradient, inputs, () => run(Fresh(tensors.Value.TracedX), tensors.Value.Weight));
        }

        yield return new Case(group, name, Direction.WeightGradient, outputs, () => run(tensors.Value.X, Fresh(tensors.Value.TracedWeight)));
    }

    /// <summary>Without a gradient: the next one is stored and not added.</summary>
    private static Tensor Fresh(Tensor tensor)
    {
        tensor.ClearGradient();
        return tensor;
    }

    private static Tensor Normal(bool traced, params int[] shape)
    {
        var tensor = Tensor.Lasting(shape);
        Philox.FillNormal(tensor.Span, 0, (ulong)shape.Length, 0);
        tensor.RequiresGrad = traced;
        return tensor;
    }
}
