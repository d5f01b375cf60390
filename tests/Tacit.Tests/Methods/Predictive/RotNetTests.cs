using Tacit.Data.Loading;
using Tacit.Methods;
using Xunit;

namespace Tacit.Tests.Methods.Predictive;

public sealed class RotNetTests
{
    private static readonly Batch Pictures = Trial.Pictures(6, 8);

    [Fact]
    public void UniformAnswersCostTheLogarithmOfTheirNumber() => Pretext.UniformAnswersCostTheLogarithmOfTheirNumber(Make(), Pictures, "head", 4);

    [Fact]
    public void AnswersAreLearned() => Pretext.AnswersAreLearned(Make(), Pictures);

    [Fact]
    public void ItTellsTurnsApartAndReportsEach()
    {
        RotNet method = Make();
        Trial.Steps(method, Pictures, optimizer: Trial.Sgd());
        Diagnostics found = Trial.Look(method, Pictures).Found;
        double[] turns = [.. new[] { 0, 90, 180, 270 }.Select(turn => found[$"accuracy_turn_{turn}"]!.Value)];
        Assert.Equal(turns.Average(), found["accuracy"]!.Value, 1e-9);
        Assert.True(found["accuracy"] > 0.5, $"accuracy {found["accuracy"]}");
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed), Pictures);

    private static RotNet Make(ulong seed = 1) => Trial.Start(b => new RotNet(b, new RotNetOptions()), seed: seed);
}
