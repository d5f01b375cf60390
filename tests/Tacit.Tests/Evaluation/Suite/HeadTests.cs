using Tacit.Evaluation.Suite;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation.Suite;

public sealed class HeadTests
{
    private static readonly OrderedDictionary<string, Tensor> Expected = Oracle.Read("suite.safetensors").Tensors;

    private static Dictionary<string, Tensor> Under(string prefix) =>
        Expected.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(p => p.Key[prefix.Length..], p => p.Value, StringComparer.Ordinal);

    [Fact]
    public void The_x_vector_its_loss_and_every_gradient_are_those_of_PyTorch()
    {
        Tensor states = Expected["states"];
        var network = new XVector(3, 8, new XVectorSizes(6, 5, 7, 4));
        network.Initialize(0);
        Dictionary<string, Tensor> given = Under("xvector.");
        foreach ((string name, Tensor own) in network.StateDict().Where(p => !p.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
        {
            Assert.Equal(own.Shape, given[name].Shape);
            given[name].Span.CopyTo(own.Span);
        }

        var softmax = new AmSoftmax(4, 3);
        softmax.Initialize(0);
        Expected["am.weight"].Span.CopyTo(softmax.StateDict()["weight"].Span);

        using Scope scope = Scope.Gradient();
        Tensor embeddings = network.Forward(states);
        Oracle.AssertClose(Expected["embeddings"].Span, embeddings.Span, 1e-4);
        Tensor loss = softmax.Loss(embeddings, [0, 2, 1, 2]);
        Assert.Equal(Expected["loss"].Span[0], loss.ToScalar(), 2e-3);
        scope.Backward(loss);
        foreach ((string name, Tensor parameter) in network.NamedParameters())
        {
            Oracle.AssertClose(Expected["grad.xvector." + name].Span, parameter.GradientSpan, 2e-3, name);
        }

        Oracle.AssertClose(Expected["grad.am.weight"].Span, softmax.StateDict()["weight"].GradientSpan, 2e-3);
    }

    [Fact]
    public void Taking_the_mean_first_gives_what_the_benchmarks_order_gives()
    {
        Tensor states = Expected["states"];
        int[] lengths = [.. Expected["head.lengths"].ToArray().Select(l => (int)l)];
        Tensor means = Tensor.Lasting(new Shape(3, 4, 8));
        for (int l = 0; l < 3; l++)
        {
            Ops.MeanOverTime(states.Rows(l, 1).Reshape(4, 20, 8), lengths).Span.CopyTo(means.Rows(l, 1).Span);
        }

        var head = new UtteranceHead(3, 8, 6, [2, 3]);
        head.Load(Under("head.").Where(p => p.Key is not ("lengths" or "logits")).ToDictionary(StringComparer.Ordinal));
        using Scope scope = Scope.NoGradient();
        Tensor[] logits = head.Forward(means);

        Assert.Equal([new Shape(4, 2), new Shape(4, 3)], logits.Select(l => l.Shape));
        Oracle.AssertClose(Expected["head.logits"].Span, Ops.Concat(1, logits).Span, 1e-5);
    }

    [Fact]
    public void Statistics_are_mean_and_unbiased_deviation()
    {
        // Channel 0: 1, 2, 6 with mean 3 and variance (4 + 1 + 9) / 2 = 7; channel 1 never moves.
        Tensor x = Tensor.From([1, 5, 2, 5, 6, 5], new Shape(1, 3, 2));

        Oracle.AssertClose([3, 5, MathF.Sqrt(7), 1e-3f], XVector.Statistics(x).Span, 1e-6);
    }

    /// <summary>Five layers of which three look around by 2, 2 and 3 frames on either side.</summary>
    [Fact]
    public void The_shortest_recording_of_an_x_vector_has_two_output_frames()
    {
        Assert.Equal(1 + (2 * (2 + 2 + 3)) + 1, XVector.Fewest);
        var network = new XVector(1, 8, new XVectorSizes(6, 5, 7, 4));
        network.Initialize(0);
        network.Eval();
        using Scope scope = Scope.NoGradient();
        Tensor Embedding(int frames) => network.Forward(Tensor.From(Hashed.Singles(frames * 8, 1), new Shape(1, 1, frames, 8)));
        Assert.All(Embedding(XVector.Fewest).ToArray(), x => Assert.True(float.IsFinite(x)));
        Assert.Throws<ShapeException>(() => Embedding(XVector.Fewest - 1));
    }

    [Fact]
    public void Additive_margin_softmax_by_hand()
    {
        // Unit vectors at 90°: cos 1 with its own class, 0 with the other; with s = 30 and m = 0.4, log(1 + e^(30 (0 - 0.6))).
        var softmax = new AmSoftmax(2, 2);
        softmax.Initialize(0);
        Tensor.From([5, 0, 0, 0.1f], new Shape(2, 2)).Span.CopyTo(softmax.StateDict()["weight"].Span);
        Tensor embedding = Tensor.From([0.2f, 0], new Shape(1, 2));
        using Scope scope = Scope.NoGradient();

        Assert.Equal(Math.Log(1 + Math.Exp(-18)), softmax.Loss(embedding, [0]).ToScalar(), 1e-7);
        Assert.Equal(30 * 1.4, softmax.Loss(embedding, [1]).ToScalar(), 1e-4);       // cos 0 less 0.4 against cos 1
    }

    [Fact]
    public void Layers_weigh_alike_at_first_and_one_layer_has_nothing_to_learn()
    {
        var sum = new LayerSum(2);
        sum.Initialize(0);
        using Scope scope = Scope.NoGradient();

        Assert.Equal([2f, 3f], sum.Forward(Tensor.From([1, 2, 3, 4], new Shape(2, 1, 2))).ToArray());
        Assert.Equal([0.5, 0.5], sum.Shares());
        Assert.Equal(0, new LayerSum(1).ParameterCount);
    }
}
