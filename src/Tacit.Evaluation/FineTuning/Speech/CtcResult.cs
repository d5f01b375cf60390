using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Evaluation;

/// <summary>A network that learned to read, to be saved.</summary>
public sealed class CtcResult
{
    private readonly CtcNetwork network;
    private readonly InputFormat input;
    private readonly IReadOnlyList<string> names;

    internal CtcResult(CtcNetwork network, InputFormat input, IReadOnlyList<string> names) => (this.network, this.input, this.names) = (network, input, names);

    /// <summary>
    /// Writes the folder of one encoder and its head. wav2vec 2.0 and its kin are written as Hugging Face publishes models for CTC: config.json,
    /// model.safetensors with <c>lm_head</c>, preprocessor_config.json and vocab.json. Others are written as encoder.safetensors, and
    /// lm_head.safetensors and vocab.json beside it. Either can be given wherever a run can.
    /// </summary>
    /// <exception cref="TacitException">It cannot be written.</exception>
    public void Save(string folder)
    {
        var head = new OrderedDictionary<string, Tensor>(network.Head.StateDict().Select(p => KeyValuePair.Create("lm_head." + p.Key, p.Value)), StringComparer.Ordinal);
        if (network.Sequences is Wav2Vec2Backbone published && input is SoundInput sound)
        {
            new PublishedEncoder(PublishedEncoder.TypeOf(published.Encoder.Config), published.Encoder, sound.Normalize, sound.Rate).Save(folder, head, names);
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TacitException($"Could not make the folder {folder}: {error.Message.TrimEnd('.')}.", error);
        }

        Backbone backbone = network.Sequences;
        Safetensors.Write(
            new RunDirectory(folder).EncoderPath,
            backbone.StateDict(),
            new Dictionary<string, string>(BackboneFactory.ToMetadata(backbone.Options).Concat(Inputs.ToMetadata(input)), StringComparer.Ordinal) { ["format"] = EncoderFile.Format, ["method"] = "ctc" });
        Safetensors.Write(Path.Combine(folder, "lm_head.safetensors"), head, new Dictionary<string, string>(StringComparer.Ordinal));
        PublishedEncoder.WriteVocabulary(folder, names);
    }
}
