namespace Tacit.Methods;

/// <summary>Every method there is, listed by hand so that trimming keeps them all.</summary>
public static class MethodCatalog
{
    public static IReadOnlyList<MethodEntry> All { get; } =
    [
        // generative
        IGpt.Entry,
        Mae.Entry,
        SimMim.Entry,
        Mockingjay.Entry,
        Tera.Entry,
        Apc.Entry,
        VqApc.Entry,
        Decoar.Entry,
        Bert.Entry,
        Gpt.Entry,

        // predictive
        RotNet.Entry,
        ContextPrediction.Entry,
        Jigsaw.Entry,
        Colorization.Entry,
        DeepCluster.Entry,
        DeepClusterV2.Entry,
        TemporalOrder.Entry,
        TemporalGap.Entry,
        Hubert.Entry,
        Hubert.WavLm,
        BestRq.Entry,

        // contrastive
        SimClr.Entry,
        SimClr.Decoupled,
        Moco.V1,
        Moco.V2,
        MocoV3.Entry,
        Nnclr.Entry,
        Swav.Entry,
        Cpc.Entry,
        Wav2Vec.Entry,
        VqWav2Vec.Entry,
        Wav2Vec2.Entry,
        SpeechSimClr.Entry,
        Cola.Entry,

        // bootstrapping
        Byol.Entry,
        SimSiam.Entry,
        Dino.Entry,
        Data2Vec.Entry,
        Data2VecAudio.Entry,
        Data2Vec2Audio.Entry,
        IJepa.Entry,
        ByolA.Entry,

        // regularized
        WMse.Entry,
        BarlowTwins.Entry,
        VicReg.Entry,
        DeloresS.Entry,
        DeloresM.Entry,
    ];

    /// <summary>What the methods are held against: trained like them, but not self-supervised and not listed among them.</summary>
    public static IReadOnlyList<MethodEntry> References { get; } = [Supervised.Entry];

    /// <summary>The method of that name, or the reference.</summary>
    /// <exception cref="ConfigurationException">There is none; the message suggests the nearest.</exception>
    public static MethodEntry Get(string name) =>
        All.Concat(References).FirstOrDefault(m => string.Equals(m.Info.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ConfigurationException(
            $"There is no method '{name}'.{NearestName.Suggest(name, All.Select(m => m.Info.Name))} 'tacit methods' lists them all.");
}
