using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>CPC's encoder as a backbone: <c>encoder</c>, the frames of the convolutions, and <c>context</c>, what a recurrent network makes of those so far.</summary>
/// <remarks>van den Oord et al. 2018, arXiv:1807.03748; Rivière et al. 2020, arXiv:2002.02848, whose context network is an LSTM. Names as published.</remarks>
public sealed class CpcBackbone : SequenceBackbone
{
    /// <exception cref="TacitException">Sizes that cannot be.</exception>
    public CpcBackbone(BackboneOptions options)
    {
        Options = options;
        Encoder = Add("gEncoder", new CpcEncoder(options.Dim));
        Context = Add("gAR", new Aggregator(options));
    }

    public override BackboneOptions Options { get; }

    public CpcEncoder Encoder { get; }

    public Aggregator Context { get; }

    public override IReadOnlyList<string> Layers { get; } = ["encoder", "context"];

    public override int Stride => Encoder.Stride;

    public override int States(int length) => Encoder.FrameLengths([length])[0];

    protected override int WidthAt(int layer) => Options.Dim;

    protected override IReadOnlyList<Tensor> States(Tensor x, int[]? lengths, int[] layers)
    {
        Tensor frames = Encoder.Features(x, lengths);
        Tensor? context = layers.Contains(1) ? Context.Forward(frames, lengths is null ? null : StateLengths(x, lengths)) : null;
        return [.. layers.Select(layer => layer == 0 ? frames : context!)];
    }

    /// <summary>The recurrent network over frames: [N, T, D] to [N, T, D].</summary>
    public sealed class Aggregator : Layer
    {
        private readonly RecurrentLayer network;

        public Aggregator(BackboneOptions options) =>
            network = Add("baseNet", options.Recurrent == "gru" ? (RecurrentLayer)new Gru(options.Dim, options.Dim, options.Depth) : new Lstm(options.Dim, options.Dim, options.Depth));

        public override Tensor Forward(Tensor x) => network.Forward(x);

        /// <summary>0 in padding, which changes nothing.</summary>
        public Tensor Forward(Tensor x, int[]? lengths) => network.Forward(x, lengths);
    }
}
