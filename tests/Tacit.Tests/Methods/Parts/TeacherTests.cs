using Tacit.Methods;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class TeacherTests
{
    [Fact]
    public void ItBeginsEqualFollowsByTheFormulaAndIsNeverTrained()
    {
        Pair pair = Make();
        Assert.Equal(pair.Online.StateDict()["0.weight"].ToArray(), pair.Teacher.Twin.StateDict()["0.weight"].ToArray());
        Assert.Equal(0, pair.Teacher.Distance());
        var optimizer = Optimizer.Create(new OptimizerOptions(), pair);
        Assert.Equal(["online.0.weight", "online.0.bias"], optimizer.Parameters.Select(p => p.Name));

        float[] before = pair.Teacher.Twin.StateDict()["0.weight"].ToArray();
        pair.Online.StateDict()["0.weight"].Span.Fill(2);
        pair.Teacher.Update(0.75);
        Assert.Equal(before.Select(v => (0.75f * v) + 0.5f), pair.Teacher.Twin.StateDict()["0.weight"].ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void ItsStateIsItsOwn()
    {
        Pair pair = Make(), other = Make();
        pair.Online.StateDict()["0.weight"].Span.Fill(2);
        pair.Teacher.Update(0.5);
        other.Load(pair.StateDict());
        Assert.Equal(pair.Teacher.Twin.StateDict()["0.weight"].ToArray(), other.Teacher.Twin.StateDict()["0.weight"].ToArray());
        other.Teacher.Update(0.5);
        pair.Teacher.Update(0.5);
        Assert.Equal(pair.Teacher.Twin.StateDict()["0.weight"].ToArray(), other.Teacher.Twin.StateDict()["0.weight"].ToArray());
    }

    /// <summary>Weights 3 and 4 against 3 and 0: 4 apart, 5 long.</summary>
    [Fact]
    public void TheDistanceIsRelativeToTheNetwork()
    {
        var online = new Sequential(new Linear(2, 1, bias: false));
        var teacher = new Teacher<Sequential>(online, new Sequential(new Linear(2, 1, bias: false)));
        online.Initialize(1);
        teacher.Initialize(1);
        (online.Parameters().Single().Span[0], online.Parameters().Single().Span[1]) = (3, 4);
        (teacher.Twin.Parameters().Single().Span[0], teacher.Twin.Parameters().Single().Span[1]) = (3, 0);
        Assert.Equal(0.8, teacher.Distance(), 1e-6);
    }

    private static Pair Make()
    {
        var pair = new Pair();
        pair.Initialize(1);
        return pair;
    }

    private sealed class Pair : Module
    {
        public Pair()
        {
            Online = Add("online", new Sequential(new Linear(2, 3)));
            Teacher = Add("teacher", new Teacher<Sequential>(Online, new Sequential(new Linear(2, 3))));
        }

        public Sequential Online { get; }

        public Teacher<Sequential> Teacher { get; }
    }
}
