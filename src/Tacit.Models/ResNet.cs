using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>A residual network without its classifier: pictures [N, H, W, 3] to pooled features [N, Dim].</summary>
/// <remarks>
/// He et al. 2016, arXiv:1512.03385; names, layout, starting values and (in the bottleneck, stride on the 3×3) arrangement
/// as torchvision's. The CIFAR stem is the one of SimCLR, appendix B.9: 3×3, stride 1, padding 1, no pooling.
/// </remarks>
public sealed class ResNet : Backbone
{
    private readonly Conv2d conv1;
    private readonly BatchNorm bn1;
    private readonly List<ResidualBlock> blocks = [];
    private readonly bool pooled;

    internal ResNet(BackboneOptions options)
    {
        Options = options;
        (int[] counts, bool bottleneck) = options.Name switch
        {
            "resnet18" => (new[] { 2, 2, 2, 2 }, false),
            "resnet34" => ([3, 4, 6, 3], false),
            "resnet50" => ([3, 4, 6, 3], true),
            string other => throw new TacitException($"There is no residual network '{other}'."),
        };
        pooled = options.Stem == "imagenet";
        conv1 = Add("conv1", pooled
            ? ResidualBlock.Conv(3, options.Width, 7, 2)
            : ResidualBlock.Conv(3, options.Width, 3, 1));
        bn1 = Add("bn1", new BatchNorm(options.Width));

        int channels = options.Width;
        for (int stage = 0; stage < counts.Length; stage++)
        {
            int width = options.Width << stage;
            var layer = new Stage();
            for (int i = 0; i < counts[stage]; i++)
            {
                int stride = stage > 0 && i == 0 ? 2 : 1;
                ResidualBlock block = bottleneck
                    ? new Bottleneck(channels, width, stride, options.ZeroInitLastGamma)
                    : new BasicBlock(channels, width, stride, options.ZeroInitLastGamma);
                blocks.Add(layer.Append(block));
                channels = block.Output;
            }

            Add(string.Create(CultureInfo.InvariantCulture, $"layer{stage + 1}"), layer);
        }

        Dim = channels;
    }

    public override BackboneOptions Options { get; }

    public override int Dim { get; }

    public override Tensor Forward(Tensor x)
    {
        if (x.Rank != 4 || x.Shape[3] != 3)
        {
            throw ShapeException.Unfit("ResNet", x.Shape, "it takes pictures [N, H, W, 3]");
        }

        x = bn1.Forward(conv1.Forward(x), relu: true);
        x = pooled ? Ops.MaxPool2d(x, 3, 2, 1) : x;
        foreach (ResidualBlock block in blocks)
        {
            x = block.Forward(x);
        }

        return Ops.GlobalAveragePool(x);
    }

    private sealed class Stage : Module
    {
        private int count;

        public ResidualBlock Append(ResidualBlock block) => Add(count++.ToString(CultureInfo.InvariantCulture), block);
    }
}
