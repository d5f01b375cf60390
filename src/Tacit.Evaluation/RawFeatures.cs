using Tacit.Data.Loading;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>
/// What encoders are held against: pictures as they are, of a text the share of each token of the vocabulary, and of a recording the mean and the standard deviation over time of its 80 FBANK
/// bins, without normalisation, which would take away all that the mean says.
/// </summary>
internal static class RawFeatures
{
    private const int Mels = 80;

    /// <summary>How items are shown to it.</summary>
    public static InputFormat Input(InputFormat encoders) =>
        encoders is SoundInput sound ? new SoundInput { Form = SoundForm.Frames, Rate = sound.Rate, Mels = Mels, Normalize = false } : encoders;

    /// <summary>Numbers per item.</summary>
    public static int Dim(InputFormat input) => input switch
    {
        PictureInput picture => picture.Size * picture.Size * 3,
        TextInput text => text.Tokenizer.Vocabulary,
        _ => 2 * Mels,
    };

    /// <summary>[N, Dim]; shares memory with the batch where nothing is computed.</summary>
    public static Tensor Of(Batch batch)
    {
        if (batch.Lengths is not { } lengths)
        {
            return batch.Views.Reshape(batch.Size, -1);
        }

        if (batch.TokenBytes is { } vocabulary)
        {
            return BagOfTokens(batch.Views, lengths, vocabulary.Length);
        }

        Tensor mean = Ops.MeanOverTime(batch.Views, lengths), square = Ops.MeanOverTime(Ops.Square(batch.Views), lengths);
        return Ops.Concat(1, mean, Ops.Sqrt(Ops.Clamp(Ops.Subtract(square, Ops.Square(mean)), 1e-6f, float.MaxValue)));
    }

    private static Tensor BagOfTokens(Tensor tokens, int[] lengths, int vocabulary)
    {
        Tensor shares = Tensor.Zeros(new Shape(lengths.Length, vocabulary));
        for (int i = 0; i < lengths.Length; i++)
        {
            foreach (float token in tokens.Rows(i, 1).Span[..lengths[i]])
            {
                shares.Span[(i * vocabulary) + (int)token] += 1f / lengths[i];
            }
        }

        return shares;
    }
}
