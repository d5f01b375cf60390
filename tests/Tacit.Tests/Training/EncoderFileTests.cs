using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Training;

public sealed class EncoderFileTests : IDisposable
{
    private readonly TinyPictures pictures = new();

    public void Dispose() => pictures.Dispose();

    [Fact]
    public void ItHoldsTheBackboneAloneAndWhatRebuildsIt()
    {
        RunResult result = TinyRun.Train(pictures, "run", TinyRun.Config("average.decay=0"));
        SafetensorsContent content = Safetensors.Read(new RunDirectory(result.Run).EncoderPath);
        Assert.Equal(
            ["backbone.name", "backbone.stem", "backbone.width", "backbone.zero-init-last-gamma", "format", "input.deviation", "input.mean", "input.size", "method"],
            content.Metadata.Keys);
        Assert.Equal(("8", "simclr"), (content.Metadata["input.size"], content.Metadata["method"]));
        Assert.Equal("0.485 0.456 0.406", content.Metadata["input.mean"]);
        Backbone backbone = BackboneFactory.Build(BackboneFactory.FromMetadata(content.Metadata));
        backbone.Load(content.Tensors);
        Assert.Contains("layer4.1.bn2.running_var", content.Tensors.Keys);
        Assert.DoesNotContain(content.Tensors.Keys, name => name.Contains("projector", StringComparison.Ordinal));

        // The very weights of the last checkpoint.
        SafetensorsContent checkpoint = Safetensors.Read(new RunDirectory(result.Run).CheckpointPath(6));
        Assert.All(content.Tensors, t => Assert.Equal(checkpoint.Tensors[$"method.backbone.{t.Key}"].ToArray(), t.Value.ToArray()));
    }

    [Fact]
    public void AveragedWeightsAreTheExportedOnes()
    {
        RunResult result = TinyRun.Train(pictures, "run", TinyRun.Config("average.decay=0.9"));
        SafetensorsContent content = Safetensors.Read(new RunDirectory(result.Run).EncoderPath);
        SafetensorsContent checkpoint = Safetensors.Read(new RunDirectory(result.Run).CheckpointPath(6));
        Assert.Equal(checkpoint.Tensors["average.conv1.weight"].ToArray(), content.Tensors["conv1.weight"].ToArray());
        Assert.NotEqual(checkpoint.Tensors["method.backbone.conv1.weight"].ToArray(), content.Tensors["conv1.weight"].ToArray());
        Assert.Equal(checkpoint.Tensors["method.backbone.bn1.running_mean"].ToArray(), content.Tensors["bn1.running_mean"].ToArray());
    }

    [Fact]
    public void NothingOfTheRunsNamePathOrTimeIsInIt()
    {
        TinyRun.Train(pictures, "a", TinyRun.Config("data.path=here"));
        TinyRun.Train(pictures, "quite-another-name", TinyRun.Config("data.path=there", "checkpoint.every=2", "checkpoint.keep=4"));
        Assert.Equal(TinyRun.Encoder(pictures, "a"), TinyRun.Encoder(pictures, "quite-another-name"));
    }
}
