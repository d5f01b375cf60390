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

    /// <summary>The transformer over FBANK frames that a method hides frames of.</summary>
    /// <exception cref="ConfigurationException">The backbone is another.</exception>
    public static FbankTransformerBackbone Transformer(Backbone backbone, string method) =>
        backbone as FbankTransformerBackbone ?? throw Other(method, backbone.Options.Name, BackboneFactory.FbankTransformer);

    /// <summary>The recurrent layers that hear FBANK frames one after the other, and none of the future.</summary>
    /// <exception cref="ConfigurationException">The backbone is another.</exception>
    public static RecurrentBackbone Recurrent(Backbone backbone, string method) => backbone as RecurrentBackbone ?? throw Other(method, backbone.Options.Name, BackboneFactory.Gru);

    /// <summary>The two stacks, forward and backward, that never see each other.</summary>
    /// <exception cref="ConfigurationException">The backbone is another.</exception>
    public static DecoarBackbone TwoStacks(Backbone backbone, string method) => backbone as DecoarBackbone ?? throw Other(method, backbone.Options.Name, BackboneFactory.Decoar);

    /// <summary>States that the encoder makes of the longest view.</summary>
    /// <param name="fit">The data.</param>
    /// <param name="model">The architecture that the method works with.</param>
    /// <param name="method">Its name.</param>
    /// <exception cref="ConfigurationException">It is another, or the views are too short.</exception>
    public static int States(DataFit fit, string model, string method) => fit.Model.Name == model ? FrameFit.States(fit, method) : throw Other(method, fit.Model.Name, model);

    /// <summary>Spans that views of so many states can hold four of.</summary>
    /// <exception cref="ConfigurationException">The user's cannot.</exception>
    public static SpanMask FitMask(DataFit fit, SpanMask mask, int states) =>
        mask with { Length = fit.AtMost("method.mask.length", mask.Length, Math.Max(1, states / 4), $"a crop of {fit.Seconds:0.##} seconds has {states} states") };

    /// <summary>What to throw where the encoder is another than a method works with.</summary>
    public static ConfigurationException Other(string method, string model, string needed) =>
        DataFit.Refusal("model.name", $"{method} works with {needed}, not with {model}");
}
