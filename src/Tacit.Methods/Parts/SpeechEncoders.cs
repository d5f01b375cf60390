using Tacit.Models;

namespace Tacit.Methods;

/// <summary>The encoders that methods on recordings need.</summary>
internal static class SpeechEncoders
{
    /// <summary>The waveform transformer that a method hides frames of.</summary>
    /// <exception cref="ConfigurationException">The backbone is another.</exception>
    public static Wav2Vec2Backbone Waves(Backbone backbone, string method) => backbone as Wav2Vec2Backbone ?? throw Other(method, backbone.Options.Name, BackboneFactory.Wav2Vec2);

    /// <summary>The Conformer that a method hides frames of.</summary>
    /// <exception cref="ConfigurationException">The backbone is another.</exception>
    public static ConformerBackbone Conformer(Backbone backbone, string method) => backbone as ConformerBackbone ?? throw Other(method, backbone.Options.Name, BackboneFactory.Conformer);

    /// <summary>States that the encoder makes of the longest view.</summary>
    /// <param name="fit">The data.</param>
    /// <param name="model">The architecture that the method works with.</param>
    /// <param name="method">Its name.</param>
    /// <exception cref="ConfigurationException">It is another, or the views are too short.</exception>
    public static int States(DataFit fit, string model, string method) => fit.Model.Name == model ? FrameFit.States(fit, method) : throw Other(method, fit.Model.Name, model);

    private static ConfigurationException Other(string method, string model, string needed) =>
        DataFit.Refusal("model.name", $"{method} works with {needed}, not with {model}");
}
