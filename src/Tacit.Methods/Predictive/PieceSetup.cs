using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>What surrounds methods that compare pieces of a recording.</summary>
internal static class PieceSetup
{
    /// <summary>
    /// AudioNTT over log-mel pictures, which are normalised by one mean and deviation for all recordings. An encoder that looks over all
    /// of a piece at once, and costs little, suits a question about pieces; FBANK encoders work too.
    /// </summary>
    public static MethodSetup LogMel { get; } = new()
    {
        Architecture = BackboneFactory.AudioNtt,
        Model = options => options with { Channels = 1 },
        Optimizer = new OptimizerOptions { Name = "adam", Lr = 1e-3, WeightDecay = 0 },
        ReferenceBatch = 64,
        BatchSize = 64,
    };

    /// <summary>The loss of a batch of which no recording holds two pieces: 0, and no gradient but 0.</summary>
    public static Tensor NothingToTell(Backbone backbone, Tensor views, int piece) =>
        FrameRows.NothingToTell(backbone.Forward(Ops.Slice(views, 1, 0, Math.Min(piece, views.Shape[1]))));
}
