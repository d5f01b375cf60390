using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>encoder.safetensors: the backbone alone, under torchvision's names, with what rebuilds it and its input.</summary>
/// <remarks>
/// Metadata, keys sorted: <c>format</c>, <c>method</c>, <c>backbone.*</c> (as <see cref="BackboneOptions"/> writes itself) and
/// <c>input.*</c> (as <see cref="Inputs"/> does). Nothing of time, threads, paths or the run's name: equal training gives equal bytes.
/// </remarks>
public static class EncoderFile
{
    public const string Format = "tacit-encoder-1";

    /// <exception cref="TacitException">It cannot be written; a file that was there is untouched.</exception>
    public static void Write(string path, Backbone encoder, RunConfig config)
    {
        var metadata = new Dictionary<string, string>(BackboneFactory.ToMetadata(encoder.Options).Concat(Inputs.ToMetadata(Inputs.Of(config))), StringComparer.Ordinal)
        {
            ["format"] = Format,
            ["method"] = config.MethodName,
        };
        Safetensors.Write(path, encoder.StateDict(), metadata);
    }
}
