using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// A small encoder of log-mel pictures: three convolutions that each halve time and frequency, then two linear layers a frame;
/// a clip is the sum of its frames' largest and mean values.
/// </summary>
/// <remarks>
/// Niizumi et al. 2021 (BYOL-A), arXiv:2103.06695, section III-C (AudioNTT2020; d = 512, 1024 or 2048), also the encoder of DeLoRes
/// (Ghosh et al. 2022, arXiv:2203.13628). Names and layout as published: <c>features.0</c>, <c>.1</c>, <c>.4</c>, <c>.5</c>, <c>.8</c>,
/// <c>.9</c>, <c>fc.0</c>, <c>fc.3</c>; a convolution's kernel is [.., frequency, time].
/// </remarks>
public sealed class AudioNtt : Layer
{
    private const int Channels = 64;
    private const int Halvings = 3;

    private readonly (Conv2d Convolution, BatchNorm Norm)[] features;
    private readonly Linear first, second;
    private readonly Dropout dropout;

    /// <param name="dim">D, features of a frame and of a clip.</param>
    /// <param name="bins">F, frequency bins of the input: a multiple of 8.</param>
    /// <param name="dropout">Between the linear layers, in training.</param>
    /// <exception cref="TacitException">The bins cannot be halved three times.</exception>
    public AudioNtt(int dim = 2048, int bins = 64, float dropout = 0.3f)
    {
        if (bins < Stride || bins % Stride != 0)
        {
            throw new TacitException($"AudioNTT halves the frequency bins three times: their number must be a multiple of {Stride}, not {bins}.");
        }

        (Dim, Bins) = (dim, bins);
        Parts parts = Add("features", new Parts());
        features = [.. new[] { ("0", "1"), ("4", "5"), ("8", "9") }.Select((names, i) =>
            (parts.Put(names.Item1, new Conv2d(i == 0 ? 1 : Channels, Channels, 3, padding: 1)), parts.Put(names.Item2, new BatchNorm(Channels))))];
        Parts linear = Add("fc", new Parts());
        first = linear.Put("0", new Linear(Channels * (bins / Stride), dim));
        this.dropout = linear.Put("2", new Dropout(dropout));
        second = linear.Put("3", new Linear(dim, dim));
    }

    /// <summary>Frames of the input that one frame of the result stands for.</summary>
    public static int Stride => 1 << Halvings;

    public int Dim { get; }

    public int Bins { get; }

    /// <summary>Clips: [N, T, F] to [N, D].</summary>
    public override Tensor Forward(Tensor x) => Pool(Frames(x));

    /// <summary>Frames: [N, T, F] or [N, T, F, 1], T at least 8, to [N, ⌊T / 8⌋, D].</summary>
    public Tensor Frames(Tensor x) => Depths(x)[^1];

    /// <summary>What each convolution gives, as frames [N, ⌊T / 2^i⌋, DepthWidth(i)] for i of 1 … 3, and behind the third the frames of <see cref="Frames"/>.</summary>
    /// <param name="x">[N, T, F] or [N, T, F, 1], T at least 8.</param>
    /// <param name="count">How many of these four are made.</param>
    public IReadOnlyList<Tensor> Depths(Tensor x, int count = Halvings + 1)
    {
        if (x.Rank is not (3 or 4) || (x.Rank == 4 && x.Shape[3] != 1) || x.Shape[2] != Bins || x.Shape[1] < Stride)
        {
            throw ShapeException.Unfit("AudioNtt", x.Shape, $"it takes log-mel frames [N, T, {Bins}], at least {Stride} of them");
        }

        int items = x.Shape[0];
        Tensor y = Ops.Transpose(x.Reshape(items, x.Shape[1], Bins), 0, 2, 1).Reshape(items, Bins, x.Shape[1], 1);
        var depths = new List<Tensor>();
        foreach (var (convolution, norm) in features[..Math.Min(count, Halvings)])
        {
            y = Ops.MaxPool2d(norm.Forward(convolution.Forward(y), relu: true), 2, 2);
            Tensor t = Ops.Transpose(y, 0, 2, 1, 3);                                        // [N, T / 2^i, F / 2^i, 64]
            depths.Add(t.Reshape(items, t.Shape[1], t.Shape[2] * t.Shape[3]));
        }

        if (count > Halvings)
        {
            depths.Add(second.Forward(dropout.Forward(first.Forward(depths[^1], relu: true)), relu: true));
        }

        return depths;
    }

    /// <summary>Numbers of a frame behind a convolution, 1 … 3.</summary>
    public int DepthWidth(int depth) => Channels * (Bins >> depth);

    /// <summary>Largest plus mean over time: [N, T, D] to [N, D].</summary>
    public static Tensor Pool(Tensor frames) => Ops.Add(Ops.Max(frames, 1), Ops.Mean(frames, 1));
}
