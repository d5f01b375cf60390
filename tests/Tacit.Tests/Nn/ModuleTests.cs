using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class ModuleTests
{
    [Fact]
    public void Names_are_dotted_and_in_the_order_of_registration()
    {
        var network = new Network();

        Assert.Equal(["scale", "first.weight", "first.bias", "inner.norm.weight", "inner.norm.bias", "inner.last.weight"], network.NamedParameters().Select(p => p.Key));
        Assert.Equal(["inner.norm.running_mean", "inner.norm.running_var", "inner.norm.num_batches_tracked"], network.NamedBuffers().Select(p => p.Key));
        Assert.Equal(
            ["scale", "first.weight", "first.bias", "inner.norm.weight", "inner.norm.bias", "inner.norm.running_mean", "inner.norm.running_var",
                "inner.norm.num_batches_tracked", "inner.last.weight"],
            network.StateDict().Keys);
        Assert.Equal(1 + (3 * 2) + 3 + 3 + 3 + (2 * 3), network.ParameterCount);
    }

    [Fact]
    public void Paths_reach_from_the_root_however_the_parts_were_put_together()
    {
        var network = new Network();
        var outer = new Sequential(new Sequential(network));

        Assert.Equal("0.0", network.Path);
        Assert.Equal("0.0.inner.norm.weight", outer.NamedParameters().ElementAt(3).Value.Name);
        Assert.Equal("inner.norm.weight", network.NamedParameters().ElementAt(3).Key);
    }

    [Fact]
    public void A_module_has_one_place_and_a_name_one_module()
    {
        var part = new Linear(1, 1);
        var owner = new Sequential(part);

        Assert.Throws<InvalidOperationException>(() => new Sequential(part));
        Assert.Throws<ArgumentException>(() => new Doubled());
        Assert.Equal(1, owner.Count);
    }

    [Fact]
    public void Training_and_evaluation_reach_every_part()
    {
        var network = new Network();
        Assert.True(network.First.Training);

        network.Eval();
        Assert.False(network.First.Training || network.Training);

        network.Train();
        Assert.True(network.First.Training && network.Training);
    }

    [Fact]
    public void A_strict_load_copies_everything_or_nothing()
    {
        var source = new Network();
        var target = new Network();
        source.Initialize(1);
        target.Initialize(2);
        OrderedDictionary<string, Tensor> state = source.StateDict();

        Assert.True(target.Load(state).Perfect);
        Assert.All(state, pair => Assert.Equal(pair.Value.ToArray(), target.StateDict()[pair.Key].ToArray()));

        float[] before = target.StateDict()["first.weight"].ToArray();
        state["first.weight"] = Tensor.Full(new Shape(3, 2), 9);
        state.Remove("scale");
        state["inner.last.weight"] = Tensor.Zeros(new Shape(2, 4));
        state["stranger"] = Tensor.Scalar(1);
        var error = Assert.Throws<TacitException>(() => target.Load(state));

        Assert.Equal(
            "The weights do not fit Network: missing: scale; unexpected: stranger; of another shape: inner.last.weight [2, 4] instead of [2, 3].",
            error.Message);
        Assert.Equal(before, target.StateDict()["first.weight"].ToArray());
    }

    [Fact]
    public void A_lenient_load_takes_what_fits_and_reports_the_rest()
    {
        var target = new Network();
        var state = new Dictionary<string, Tensor> { ["scale"] = Tensor.From([5], new Shape(1)), ["stranger"] = Tensor.Scalar(1) };

        StateFit fit = target.Load(state, strict: false);

        Assert.Equal(5, target.StateDict()["scale"].ToScalar());
        Assert.Equal(["stranger"], fit.Unexpected);
        Assert.Equal(8, fit.Missing.Count);
    }

    [Fact]
    public void A_state_survives_the_file()
    {
        using var folder = new TemporaryFolder();
        var source = new Network();
        source.Initialize(3);
        source.StateDict()["inner.norm.num_batches_tracked"].Span[0] = 12;
        Safetensors.Write(folder["a"], source.StateDict());

        var target = new Network();
        target.Load(Safetensors.Read(folder["a"]).Tensors);

        Assert.All(source.StateDict(), pair => Assert.Equal(pair.Value.ToArray(), target.StateDict()[pair.Key].ToArray()));
    }

    [Fact]
    public void Starting_values_depend_on_seed_and_path_alone()
    {
        var alone = new Network();
        alone.Initialize(5, "backbone");
        var hung = new Host();
        hung.Initialize(5);
        var other = new Network();
        other.Initialize(6, "backbone");

        float[] expected = alone.First.StateDict()["weight"].ToArray();
        Assert.Equal(expected, hung.Backbone.First.StateDict()["weight"].ToArray());
        Assert.NotEqual(expected, other.First.StateDict()["weight"].ToArray());
        Assert.NotEqual(expected[..3], alone.StateDict()["inner.last.weight"].ToArray()[..3]);
    }

    [Fact]
    public void What_has_values_keeps_them()
    {
        var network = new Network();
        network.Load(new Dictionary<string, Tensor> { ["scale"] = Tensor.From([5], new Shape(1)) }, strict: false);
        network.Initialize(1);
        float[] first = network.First.StateDict()["weight"].ToArray();

        network.Initialize(2);

        Assert.Equal(5, network.StateDict()["scale"].ToScalar());
        Assert.Equal(first, network.First.StateDict()["weight"].ToArray());
    }

    [Fact]
    public void A_network_without_values_cannot_be_trained()
    {
        var network = new Network();
        var error = Assert.Throws<InvalidOperationException>(() => Optimizer.Create(new OptimizerOptions(), network));

        Assert.Equal("The parameter scale has no values yet: call Initialize or Load before training.", error.Message);
    }

    private sealed class Network : Layer
    {
        private readonly Tensor scale;
        private readonly Inner inner;

        public Network()
        {
            scale = AddParameter("scale", new Shape(1), Initializers.Ones);
            First = Add("first", new Linear(2, 3));
            inner = Add("inner", new Inner());
        }

        public Linear First { get; }

        public override Tensor Forward(Tensor x) => Ops.Multiply(inner.Forward(First.Forward(x)), scale);
    }

    private sealed class Inner : Layer
    {
        private readonly BatchNorm norm;
        private readonly Linear last;

        public Inner()
        {
            norm = Add("norm", new BatchNorm(3));
            last = Add("last", new Linear(3, 2, bias: false));
        }

        public override Tensor Forward(Tensor x) => last.Forward(norm.Forward(x));
    }

    private sealed class Host : Module
    {
        public Host() => Backbone = Add("backbone", new Network());

        public Network Backbone { get; }
    }

    private sealed class Doubled : Module
    {
        public Doubled()
        {
            Add("a", new Linear(1, 1));
            Add("a", new Linear(1, 1));
        }
    }
}
