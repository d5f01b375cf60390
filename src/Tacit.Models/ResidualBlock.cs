using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>relu(branch(x) + shortcut(x)); the shortcut is a 1×1 convolution where the shape changes.</summary>
internal abstract class ResidualBlock : Layer
{
    private Conv2d? shortcut;
    private BatchNorm? shortcutNorm;

    /// <summary>Channels that come out.</summary>
    public abstract int Output { get; }

    /// <summary>A convolution without bias whose output is as large as its input divided by the stride.</summary>
    public static Conv2d Conv(int input, int output, int kernel, int stride) =>
        new(input, output, kernel, stride, kernel / 2, bias: false, weightInitializer: Initializers.KaimingNormalFanOut);

    /// <summary>The norm that ends a branch; its scale may begin as zero.</summary>
    protected static BatchNorm LastNorm(int channels, bool zero) => new(channels, weightInitializer: zero ? Initializers.Zeros : Initializers.Ones);

    protected void AddShortcut(int input, int output, int stride)
    {
        if (stride != 1 || input != output)
        {
            Downsample downsample = Add("downsample", new Downsample(input, output, stride));
            (shortcut, shortcutNorm) = (downsample.Conv, downsample.Norm);
        }
    }

    protected Tensor Shortcut(Tensor x) => shortcut is null ? x : shortcutNorm!.Forward(shortcut.Forward(x));

    private sealed class Downsample : Module
    {
        public Downsample(int input, int output, int stride)
        {
            Conv = Add("0", ResidualBlock.Conv(input, output, 1, stride));
            Norm = Add("1", new BatchNorm(output));
        }

        public Conv2d Conv { get; }

        public BatchNorm Norm { get; }
    }
}

/// <summary>Two 3×3 convolutions: ResNet-18 and 34.</summary>
internal sealed class BasicBlock : ResidualBlock
{
    private readonly Conv2d conv1, conv2;
    private readonly BatchNorm bn1, bn2;

    public BasicBlock(int input, int width, int stride, bool zeroLastGamma)
    {
        Output = width;
        conv1 = Add("conv1", Conv(input, width, 3, stride));
        bn1 = Add("bn1", new BatchNorm(width));
        conv2 = Add("conv2", Conv(width, width, 3, 1));
        bn2 = Add("bn2", LastNorm(width, zeroLastGamma));
        AddShortcut(input, width, stride);
    }

    public override int Output { get; }

    public override Tensor Forward(Tensor x)
    {
        Tensor y = bn1.Forward(conv1.Forward(x), relu: true);
        return bn2.Forward(conv2.Forward(y), relu: true, residual: Shortcut(x));
    }
}

/// <summary>1×1 down, 3×3, 1×1 up to four times the width: ResNet-50.</summary>
internal sealed class Bottleneck : ResidualBlock
{
    private const int Expansion = 4;

    private readonly Conv2d conv1, conv2, conv3;
    private readonly BatchNorm bn1, bn2, bn3;

    public Bottleneck(int input, int width, int stride, bool zeroLastGamma)
    {
        Output = width * Expansion;
        conv1 = Add("conv1", Conv(input, width, 1, 1));
        bn1 = Add("bn1", new BatchNorm(width));
        conv2 = Add("conv2", Conv(width, width, 3, stride));
        bn2 = Add("bn2", new BatchNorm(width));
        conv3 = Add("conv3", Conv(width, Output, 1, 1));
        bn3 = Add("bn3", LastNorm(Output, zeroLastGamma));
        AddShortcut(input, Output, stride);
    }

    public override int Output { get; }

    public override Tensor Forward(Tensor x)
    {
        Tensor y = bn1.Forward(conv1.Forward(x), relu: true);
        y = bn2.Forward(conv2.Forward(y), relu: true);
        return bn3.Forward(conv3.Forward(y), relu: true, residual: Shortcut(x));
    }
}
