using System.Text.Json.Nodes;
using Tacit.Tensors;
using Tacit.Tensors.Kernels;

namespace Tacit.Benchmarks;

/// <summary>Matrix products and convolutions: forward, input gradient, weight gradient.</summary>
internal static class KernelWorks
{
    private const double Promised = 0.85;

    public static IEnumerable<Work> All()
    {
        foreach (int size in (int[])[512, 1024, 2048])
        {
            yield return Product(size, size, size);
        }

        foreach (var (channels, outputs, side, kernel) in ((int, int, int, int)[])
            [(64, 64, 32, 3), (128, 128, 16, 3), (256, 256, 8, 3), (512, 512, 4, 3), (128, 256, 16, 1), (3, 64, 32, 3)])
        {
            foreach (string pass in (string[])["conv", "conv-dx", "conv-dw"])
            {
                yield return Convolution(pass, 64, side, channels, outputs, kernel);
            }
        }
    }

    private static Work Product(int m, int n, int k) => new()
    {
        Name = $"product {m}x{n}x{k}",
        Flops = 2.0 * m * n * k,
        PeakTarget = Promised,
        Requests = [new JsonObject { ["work"] = "gemm", ["m"] = m, ["n"] = n, ["k"] = k, ["warmup"] = 3 }],
        Prepare = () =>
        {
            Tensor a = Normal(m, k), b = Normal(k, n), c = Tensor.Lasting(new Shape(m, n));
            return () => Multiply(a, b, c);
        },
    };

    private static unsafe void Multiply(Tensor a, Tensor b, Tensor c)
    {
        int m = a.Shape[0], k = a.Shape[1], n = b.Shape[1];
        Gemm.Run(false, false, m, n, k, a.Data, k, b.Data, n, c.Data, n);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
    }

    private static Work Convolution(string pass, int batch, int side, int channels, int outputs, int kernel)
    {
        int padding = kernel / 2;
        JsonObject Request(bool channelsLast) => new()
        {
            ["work"] = pass,
            ["n"] = batch,
            ["c"] = channels,
            ["o"] = outputs,
            ["h"] = side,
            ["k"] = kernel,
            ["s"] = 1,
            ["p"] = padding,
            ["channels_last"] = channelsLast,
            ["warmup"] = 3,
        };
        return new Work
        {
            Name = $"{pass} {kernel}x{kernel} {channels}->{outputs}, {batch}x{side}x{side}",
            Flops = 2.0 * batch * side * side * channels * outputs * kernel * kernel,
            PeakTarget = channels >= 16 ? Promised : 0,
            Requests = [Request(false), Request(true)],
            Prepare = () => Prepare(pass, Normal(batch, side, side, channels), Normal(outputs, channels, kernel, kernel), padding),
        };
    }

    private static unsafe Action Prepare(string pass, Tensor x, Tensor weight, int padding)
    {
        Tensor y = Ops.Conv2d(x, weight, padding: padding);
        var sizes = ConvSizes.Of("Conv2d", x.Shape, weight.Shape, null, 1, padding, padding, 1, 1);
        Tensor dx = Tensor.Lasting(x.Shape), dw = Tensor.Lasting(weight.Shape);
        Phase rows = sizes.PhaseOf(0, sizes.KernelRows, padding), columns = sizes.PhaseOf(0, sizes.KernelColumns, padding);
        return pass switch
        {
            "conv" => () => Correlate.Run(
                sizes.ForwardGrid, x.Data, sizes.ForwardWeights(weight.Data), new Destination((nint)y.Data, y.Shape[1], y.Shape[2], sizes.O, 0, 0, 1), false),
            "conv-dx" => () => Correlate.Run(
                sizes.PhaseGrid(0, 0, rows, columns), y.Data, sizes.PhaseWeights(weight.Data, rows, columns),
                new Destination((nint)dx.Data, x.Shape[1], x.Shape[2], sizes.C, 0, 0, 1), false),
            _ => () => CorrelateWeights.Run(sizes.ForwardGrid, x.Data, y.Data, sizes.O, new Gradient((nint)dw.Data, false)),
        };
    }

    private static Tensor Normal(params int[] shape)
    {
        var tensor = Tensor.Lasting(shape);
        Philox.FillNormal(tensor.Span, 0, (ulong)shape.Length, 0);
        return tensor;
    }
}
