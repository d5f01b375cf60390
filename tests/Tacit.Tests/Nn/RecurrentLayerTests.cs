using Tacit.Nn;
using Tacit.Tensors;
using Tacit.Tests.Models;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Nn;

public sealed class RecurrentLayerTests
{
    private static readonly int[] Lengths = [7, 3, 5];

    [Theory]
    [InlineData("gru", false, false)]
    [InlineData("gru.both", true, false)]
    [InlineData("gru.lengths", false, true)]
    [InlineData("gru.both.lengths", true, true)]
    [InlineData("lstm", false, false)]
    [InlineData("lstm.both", true, false)]
    [InlineData("lstm.lengths", false, true)]
    [InlineData("lstm.both.lengths", true, true)]
    public void Output_gradients_and_names_are_torchs(string label, bool bidirectional, bool padded)
    {
        RecurrentLayer layer = label.StartsWith("gru", StringComparison.Ordinal) ? new Gru(5, 19, 2, bidirectional) : new Lstm(5, 19, 2, bidirectional);
        SequenceOracle.Check(label, layer, new Shape(3, 7, 5), x => layer.Forward(x, padded ? Lengths : null));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Padding_changes_nothing(bool lstm)
    {
        RecurrentLayer layer = lstm ? new Lstm(5, 19, 2, bidirectional: true) : new Gru(5, 19, 2, bidirectional: true);
        SequenceOracle.Fill(layer);
        float[] frames = Hashed.Singles(3 * 5, 3);
        float[] alone = layer.Forward(Tensor.From(frames, new Shape(1, 3, 5))).ToArray();
        Tensor batch = Tensor.Full(new Shape(2, 6, 5), float.NaN);
        frames.CopyTo(batch.Rows(1, 1).Span);
        Hashed.Singles(6 * 5, 4).CopyTo(batch.Span);

        Tensor y = layer.Forward(batch, [6, 3]);

        Oracle.AssertWithin(alone, y.Rows(1, 1).Span[..alone.Length], 1e-6);
        Assert.All(y.Rows(1, 1).Span[alone.Length..].ToArray(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void The_backward_direction_alone_is_the_forward_one_on_turned_frames()
    {
        var forward = new Lstm(4, 6);
        var backward = new Lstm(4, 6, reverse: true);
        SequenceOracle.Fill(forward);
        SequenceOracle.Fill(backward);
        float[] frames = Hashed.Singles(5 * 4, 3);
        float[] turned = [.. Enumerable.Range(0, 5).Reverse().SelectMany(t => frames[(t * 4)..((t + 1) * 4)])];

        float[] a = forward.Forward(Tensor.From(frames, new Shape(1, 5, 4))).ToArray(), b = backward.Forward(Tensor.From(turned, new Shape(1, 5, 4))).ToArray();

        Oracle.AssertWithin([.. Enumerable.Range(0, 5).Reverse().SelectMany(t => a[(t * 6)..((t + 1) * 6)])], b, 1e-6);
    }

    [Fact]
    public void Weights_begin_within_one_over_the_root_of_the_units()
    {
        var layer = new Gru(40, 64, 2);
        layer.Initialize(3);
        Assert.All(layer.Parameters(), p =>
        {
            Assert.InRange(p.ToArray().Max(), 0.11f, 0.125f);
            Assert.InRange(p.ToArray().Min(), -0.125f, -0.11f);
        });
    }

    [Fact]
    public void Dropout_acts_between_layers_in_training_only()
    {
        var layer = new Gru(4, 8, 2, dropout: 0.5f);
        layer.Initialize(3);
        using Scope scope = Scope.NoGradient();
        Tensor x = ModelOracle.Numbers(new Shape(2, 5, 4), 3);
        Assert.NotEqual(layer.Forward(x).ToArray(), layer.Forward(x).ToArray());
        layer.Eval();
        Assert.Equal(layer.Forward(x).ToArray(), layer.Forward(x).ToArray());
        var single = new Gru(4, 8, dropout: 0.5f);
        single.Initialize(3);
        Assert.Equal(single.Forward(x).ToArray(), single.Forward(x).ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var layer = new Gru(4, 8);
        layer.Initialize(3);
        Assert.Contains("axis 2", Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(new Shape(2, 5, 3)))).Message, StringComparison.Ordinal);
        Assert.Contains("lengths [5, 6]", Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(new Shape(2, 5, 4)), [5, 6])).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(new Shape(5, 4))));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Gru(4, 8, dropout: 1));
        Assert.Throws<ArgumentException>(() => new Gru(4, 8, bidirectional: true, reverse: true));
        Assert.Throws<ArgumentException>(() => Ops.Lstm(Tensor.Zeros(new Shape(2, 5, 4)), null));
    }
}
