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
    private readonly Stage[] stages;
    private readonly int[] widths;
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
            ? ResidualBlock.Conv(options.Channels, options.Width, 7, 2)
            : ResidualBlock.Conv(options.Channels, options.Width, 3, 1));
        bn1 = Add("bn1", new BatchNorm(options.Width));

        int channels = options.Width;
        stages = new Stage[counts.Length];
        widths = new int[counts.Length];
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
                layer.Append(block);
                channels = block.Output;
            }

            stages[stage] = Add(string.Create(CultureInfo.InvariantCulture, $"layer{stage + 1}"), layer);
            widths[stage] = channels;
        }
    }

    public override BackboneOptions Options { get; }

    /// <summary>The four stages, each averaged over its places.</summary>
    public override IReadOnlyList<string> Layers { get; } = ["layer1", "layer2", "layer3", "layer4"];

    /// <summary>How many pixels of the picture, along each axis, one place of <see cref="Map"/> stands for.</summary>
    public int Stride => pooled ? 32 : 8;

    /// <summary>The features before they are averaged: [N, H, W, 3] to [N, ⌈H / stride⌉, ⌈W / stride⌉, Dim], for tasks that answer place by place.</summary>
    public Tensor Map(Tensor x)
    {
        x = Stem(x);
        foreach (Stage stage in stages)
        {
            x = stage.Forward(x);
        }

        return x;
    }

    protected override Tensor[] Features(Tensor x, int[]? lengths, int[] layers)
    {
        x = Stem(x);
        var features = new Tensor[layers.Length];
        for (int stage = 0; stage <= layers.Max(); stage++)
        {
            x = stages[stage].Forward(x);
            for (int i = 0; i < layers.Length; i++)
            {
                features[i] = layers[i] == stage ? Ops.GlobalAveragePool(x) : features[i];
            }
        }

        return features;
    }

    protected override int WidthAt(int layer) => widths[layer];

    private Tensor Stem(Tensor x)
    {
        if (x.Rank != 4 || x.Shape[3] != Options.Channels)
        {
            throw ShapeException.Unfit("ResNet", x.Shape, $"it takes pictures [N, H, W, {Options.Channels}]");
        }

        x = bn1.Forward(conv1.Forward(x), relu: true);
        return pooled ? Ops.MaxPool2d(x, 3, 2, 1) : x;
    }

    private sealed class Stage : Layer
    {
        private readonly List<ResidualBlock> blocks = [];

        public void Append(ResidualBlock block) => blocks.Add(Add(blocks.Count.ToString(CultureInfo.InvariantCulture), block));

        public override Tensor Forward(Tensor x)
        {
            foreach (ResidualBlock block in blocks)
            {
                x = block.Forward(x);
            }

            return x;
        }
    }
}
