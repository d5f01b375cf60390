using Tacit.Models;

namespace Tacit.Methods;

/// <summary>How many states the views of a run have, for options that must fit into them.</summary>
internal static class FrameFit
{
    /// <summary>States that the encoder makes of the longest view.</summary>
    /// <param name="fit">The run.</param>
    /// <param name="method">Its name, for messages.</param>
    /// <exception cref="ConfigurationException">The encoder is none of sequences, or the views are too short for two states.</exception>
    public static int States(DataFit fit, string method)
    {
        var encoder = BackboneFactory.Build(fit.Model) as SequenceBackbone
            ?? throw DataFit.Refusal("model.name", $"{method} needs an encoder of waveforms, and {fit.Model.Name} is none");
        int states = encoder.States((int)Math.Round(fit.Seconds * fit.Rate));
        return states >= 2
            ? states
            : throw DataFit.Refusal("data.crop", $"{fit.Seconds:0.###} seconds make {states} states of {fit.Model.Name}, and {method} compares at least two; give longer views");
    }
}
