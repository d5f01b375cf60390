using Tacit.Data.Features;
using Xunit;

namespace Tacit.Tests.Data.Features;

public sealed class NormalizationTests
{
    [Fact]
    public void Deltas_equal_torchaudio()
    {
        float[] mfcc = new KaldiMfcc(new()).Compute(Reference.Wave);

        Oracle.AssertWithin(Reference.Get("hubert"), WithDeltas.HubertMfcc().Compute(Reference.Wave), 2e-4);
        Oracle.AssertWithin(Reference.Get("deltas.9"), Deltas.Compute(mfcc, 13, 9), 1e-4);
        Oracle.AssertWithin(Reference.Get("deltas.short"), Deltas.Compute(mfcc.AsSpan(0, 26), 13), 1e-4);
    }

    [Fact]
    public void Deltas_of_a_ramp_are_its_slope_and_of_one_frame_nothing()
    {
        float[] ramp = [.. Enumerable.Range(0, 20).Select(t => 3f * t)];

        Assert.All(Deltas.Compute(ramp, 1)[2..18], d => Assert.Equal(3f, d, 1e-5f));
        Assert.Equal([0f, 0f], Deltas.Compute([4f, 5f], 2));
        Assert.Empty(WithDeltas.HubertMfcc().Compute(new float[399]));
        Assert.Equal(39, WithDeltas.HubertMfcc().Compute(new float[400]).Length);
    }

    [Fact]
    public void An_utterance_gets_mean_0_and_variance_1_and_padding_stays()
    {
        float[] rows = [.. Reference.Get("cmn.input"), 7, 7, 7, 7, 7];

        Cmvn.Apply(rows, 60, 5);

        Oracle.AssertWithin(Reference.Get("cmvn"), rows.AsSpan(0, 300), 1e-5);
        Assert.Equal([7f, 7, 7, 7, 7], rows[300..]);
    }

    [Fact]
    public void A_constant_feature_becomes_0()
    {
        float[] rows = [.. Enumerable.Repeat(0.1f, 9)];

        Cmvn.Apply(rows, 9, 1);

        Oracle.AssertWithin(new float[9], rows, 1e-3);
        Cmvn.Apply(rows, 0, 1);
    }

    [Theory]
    [InlineData(20, 5)]
    [InlineData(600, 100)]
    [InlineData(7, 30)]
    public void Sliding_normalisation_equals_torchaudio(int window, int least)
    {
        foreach (bool center in (bool[])[false, true])
        {
            foreach (bool variances in (bool[])[false, true])
            {
                var cmn = new SlidingCmn { CmnWindow = window, MinCmnWindow = least, Center = center, NormVars = variances };
                string Case(bool b) => b ? "True" : "False";

                Oracle.AssertWithin(Reference.Get($"cmn.{window}.{least}.{Case(center)}.{Case(variances)}"), cmn.Compute(Reference.Get("cmn.input"), 5), 1e-4);
            }
        }
    }

    [Fact]
    public void Running_normalisation_knows_all_it_has_seen()
    {
        float[] rows = Reference.Get("cmn.input"), expected = Reference.Get("cmvn");
        var running = new RunningNormalization(5);
        running.Add(rows.AsSpan(0, 35));
        running.Add([]);
        var resumed = new RunningNormalization(running.Export());
        resumed.Add(rows.AsSpan(35));

        resumed.Apply(rows);

        Assert.Equal(60, resumed.Export().Count);
        Oracle.AssertWithin(expected, rows, 1e-5);
    }

    [Fact]
    public void One_mean_and_variance_may_serve_all()
    {
        float[] rows = [1, 3, 5, 7];
        var running = new RunningNormalization(1);
        running.Apply(rows);
        Assert.Equal([1f, 3, 5, 7], rows);

        running.Add(rows);
        running.Apply(rows);

        float unit = 1 / MathF.Sqrt(5);
        Oracle.AssertWithin([-3 * unit, -unit, unit, 3 * unit], rows, 1e-6);
    }
}
