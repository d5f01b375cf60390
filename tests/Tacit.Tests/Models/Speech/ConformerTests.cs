using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models;

public sealed class ConformerTests
{
    private static readonly int[] Lengths = [11, 6, 9];

    [Theory]
    [InlineData("conformer")]
    [InlineData("conformer.first")]
    [InlineData("conformer.layer")]
    [InlineData("conformer.train")]
    public void Output_gradients_and_names_are_torchaudios(string label)
    {
        bool training = label == "conformer.train";
        var model = new Conformer(Options with { BatchNorm = label != "conformer.layer", ConvolutionFirst = label == "conformer.first" });
        if (!training)
        {
            model.Eval();
        }

        SequenceOracle.Check(label, model, new Shape(3, 11, 16), x => model.Forward(x, training ? [11, 11, 11] : Lengths), 2e-5);
        if (training)
        {
            Oracle.AssertClose(SequenceOracle.Expected[$"{label}.mean"].Span, model.StateDict()["conformer_layers.1.conv_module.sequential.3.running_mean"].Span, 1e-5);
            Oracle.AssertClose(SequenceOracle.Expected[$"{label}.variance"].Span, model.StateDict()["conformer_layers.1.conv_module.sequential.3.running_var"].Span, 1e-5);
        }
    }

    [Fact]
    public void Relative_attention_is_Transformer_XLs()
    {
        var attention = new RelativeAttention(12, 3);
        // Padded queries attend too; the reference leaves them out.
        SequenceOracle.Check("relative", attention, new Shape(2, 6, 12), x =>
        {
            var frames = new ValidFrames(x, [6, 4]);
            return frames.Unpack(frames.Pack(attention.Forward(frames.Unpack(frames.Pack(x)), [6, 4])));
        });
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Padding_changes_nothing(bool relative, bool batchNorm)
    {
        // In training too: batch statistics are over the real frames alone.
        ConformerOptions options = Options with { RelativePositions = relative, BatchNorm = batchNorm };
        Conformer tight = new(options), padded = new(options);
        SequenceOracle.Fill(tight);
        SequenceOracle.Fill(padded);
        Tensor x = ModelOracle.Numbers(new Shape(2, 9, 16), 5), wide = Tensor.Full(new Shape(2, 15, 16), float.NaN);
        for (int n = 0; n < 2; n++)
        {
            x.Rows(n, 1).Span.CopyTo(wide.Rows(n, 1).Span);
        }

        Tensor[] a = tight.Hidden(x, [9, 7]), b = padded.Hidden(wide, [9, 7]);

        for (int layer = 0; layer < a.Length; layer++)
        {
            Oracle.AssertWithin(a[layer].Rows(0, 1).Span[..(9 * 16)], b[layer].Rows(0, 1).Span[..(9 * 16)], 1e-5);
            Oracle.AssertWithin(a[layer].Rows(1, 1).Span[..(7 * 16)], b[layer].Rows(1, 1).Span[..(7 * 16)], 1e-5);
            Assert.All(b[layer].Rows(1, 1).Span[(7 * 16)..].ToArray(), v => Assert.Equal(0, v));
        }
    }

    [Fact]
    public void What_cannot_work_is_refused()
    {
        Assert.Equal("A Conformer's convolution sees as many frames before as after: its kernel must be odd, not 4.", Assert.Throws<TacitException>(() => new Conformer(Options with { Kernel = 4 })).Message);
        Assert.Throws<TacitException>(() => new Conformer(Options with { Heads = 3 }));
        Assert.Throws<ShapeException>(() => new Conformer(Options).Forward(Tensor.Zeros(new Shape(2, 5, 16)), [5, 0]));
    }

    private static ConformerOptions Options => new(16, 4, 24, 2, 5) { RelativePositions = false };
}
