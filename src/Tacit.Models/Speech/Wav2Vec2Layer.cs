using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// One transformer layer of speech encoders: attention, then a feed-forward network with exact GELU. Post-norm layers
/// normalise each sum, norm(x + branch(x)); pre-norm layers what goes into a branch, x + branch(norm(x)).
/// </summary>
/// <remarks>Names as published wav2vec 2.0 models have them.</remarks>
internal sealed class Wav2Vec2Layer : Module
{
    private readonly Wav2Vec2Attention attention;
    private readonly LayerNorm first, second;
    private readonly FeedForward feedForward;
    private readonly Dropout dropout;
    private readonly bool preNorm;

    public Wav2Vec2Layer(Wav2Vec2Options options, int index)
    {
        preNorm = options.PreNorm;
        attention = Add("attention", new Wav2Vec2Attention(options, index == 0));
        dropout = Add("dropout", new Dropout(options.Dropout));
        first = Add("layer_norm", new LayerNorm(options.Dim));
        feedForward = Add("feed_forward", new FeedForward(options));
        second = Add("final_layer_norm", new LayerNorm(options.Dim));
    }

    /// <summary>See <see cref="Wav2Vec2Attention.Bias"/>.</summary>
    public Tensor? Bias(int frames) => attention.Bias(frames);

    /// <param name="x">[N, T, D]</param>
    /// <param name="lengths">Frames that can be seen; null for all.</param>
    /// <param name="bias">The relative positions' bias.</param>
    /// <param name="branches">Receives what the feed-forward network gives, before dropout and before it is added.</param>
    public Tensor Forward(Tensor x, int[]? lengths, Tensor? bias, List<Tensor>? branches)
    {
        x = Ops.Add(x, dropout.Forward(attention.Forward(preNorm ? first.Forward(x) : x, lengths, bias)));
        x = preNorm ? x : first.Forward(x);
        Tensor branch = feedForward.Forward(preNorm ? second.Forward(x) : x);
        branches?.Add(branch);
        x = Ops.Add(x, dropout.Forward(branch));
        return preNorm ? x : second.Forward(x);
    }

    /// <summary>A linear layer that begins as all of these transformers' do.</summary>
    public static Linear Dense(int input, int output) =>
        new(input, output, weightInitializer: NarrowInit.For(input, output), biasInitializer: Initializers.Zeros);

    private sealed class FeedForward : Layer
    {
        private readonly Linear intermediate, output;
        private readonly Dropout dropout;

        public FeedForward(Wav2Vec2Options options)
        {
            intermediate = Add("intermediate_dense", Dense(options.Dim, options.FeedForward));
            dropout = Add("intermediate_dropout", new Dropout(options.ActivationDropout));
            output = Add("output_dense", Dense(options.FeedForward, options.Dim));
        }

        public override Tensor Forward(Tensor x) => output.Forward(dropout.Forward(Ops.Gelu(intermediate.Forward(x))));
    }
}
