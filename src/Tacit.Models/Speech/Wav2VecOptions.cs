using Tacit.Nn;

namespace Tacit.Models;

/// <summary>What a <see cref="Wav2VecEncoder"/> is built from; the defaults are wav2vec large, as published.</summary>
/// <remarks>Schneider et al. 2019, arXiv:1904.05862, section 3, and Baevski et al. 2019, arXiv:1910.05453, with their published configurations.</remarks>
public sealed record Wav2VecOptions
{
    /// <summary>wav2vec: 29,390,848 parameters; with its prediction head 32,537,088.</summary>
    public static Wav2VecOptions Base { get; } = new();

    /// <summary>vq-wav2vec: one more convolution, and GELU; with its Gumbel quantiser and prediction head 34,145,408 parameters.</summary>
    public static Wav2VecOptions VqBase { get; } = new()
    {
        ConvKernels = [10, 8, 4, 4, 4, 1, 1, 1],
        ConvStrides = [5, 4, 2, 2, 2, 1, 1, 1],
        Activation = Activation.Gelu,
    };

    /// <summary>Made for two cores: 128 channels, 4 context convolutions.</summary>
    public static Wav2VecOptions Small { get; } = new() { Dim = 128, ContextKernels = [2, 3, 4, 5] };

    /// <summary>Channels of every convolution.</summary>
    public int Dim { get; init; } = 512;

    /// <summary>Samples, then frames, that each convolution of the encoder sees.</summary>
    public IReadOnlyList<int> ConvKernels { get; init; } = [10, 8, 4, 4, 4, 1, 1];

    /// <summary>Steps of each of them.</summary>
    public IReadOnlyList<int> ConvStrides { get; init; } = [5, 4, 2, 2, 2, 1, 1];

    /// <summary>After each norm: ReLU in wav2vec, GELU in vq-wav2vec.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether the encoder's frames are log(|x| + 1).</summary>
    public bool LogCompression { get; init; } = true;

    /// <summary>Frames, up to its own, that each causal convolution of the context network sees.</summary>
    public IReadOnlyList<int> ContextKernels { get; init; } = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];

    /// <summary>What each sum of a context convolution and its input is multiplied by: √½.</summary>
    public float ResidualScale { get; init; } = 0.70710678f;

    /// <summary>Whether norms over an utterance count padding in, as published models do.</summary>
    public bool PublishedPadding { get; init; }
}
