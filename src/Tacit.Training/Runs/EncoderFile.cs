using System.Globalization;
using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>encoder.safetensors: the backbone alone, under torchvision's names, with what rebuilds it and its input.</summary>
/// <remarks>
/// Metadata, keys sorted: <c>format</c>, <c>method</c>, <c>backbone.*</c> (as <see cref="BackboneOptions"/> writes itself),
/// <c>input.size</c> in pixels, <c>input.mean</c> and <c>input.deviation</c> of the channels. Nothing of time, threads, paths or
/// the run's name: equal training gives equal bytes.
/// </remarks>
public static class EncoderFile
{
    public const string Format = "tacit-encoder-1";

    /// <exception cref="TacitException">It cannot be written; a file that was there is untouched.</exception>
    public static void Write(string path, Backbone encoder, RunConfig config)
    {
        var metadata = new Dictionary<string, string>(BackboneFactory.ToMetadata(encoder.Options), StringComparer.Ordinal)
        {
            ["format"] = Format,
            ["method"] = config.MethodName,
            ["input.size"] = config.Data.Size!.Value.ToString(CultureInfo.InvariantCulture),
            ["input.mean"] = Join(config.Data.Mean),
            ["input.deviation"] = Join(config.Data.Deviation),
        };
        Safetensors.Write(path, encoder.StateDict(), metadata);
    }

    private static string Join(IEnumerable<float> values) => string.Join(' ', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
}
