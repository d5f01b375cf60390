using Tacit.Evaluation.Suite;
using Tacit.Methods;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation.Suite;

public sealed class SuiteOptionsTests
{
    [Fact]
    public void Settings_are_read_and_the_last_counts()
    {
        var options = SuiteOptions.Parse(["head.preset=superb", "search.rates=0.1,1e-3", "train.steps=40", "train.steps=60", "search.share=0.5"]);

        Assert.True(options.Superb);
        Assert.Equal([0.1, 1e-3], options.Rates);
        Assert.Equal(60, options.Steps);
        Assert.Equal(15, options.TrialSteps(60));       // half of 60, over two rates
        Assert.Equal(new XVectorSizes(512, 512, 1500, 512), XVectorSizes.Of(options));
    }

    [Theory]
    [InlineData("head.prset=superb", "Did you mean 'head.preset'?")]
    [InlineData("preset=superb", "Did you mean 'head.preset'?")]
    [InlineData("head.preset=huge", "is none of small, superb")]
    [InlineData("train.steps=0", "out of range")]
    [InlineData("head.preset", "not of the form key=value")]
    public void What_cannot_be_is_refused(string setting, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<ConfigurationException>(() => SuiteOptions.Parse([setting])).Message, StringComparison.Ordinal);

    [Fact]
    public void Tasks_are_chosen_by_name_in_their_own_order()
    {
        Assert.Equal(["ks", "er"], SuiteCatalog.Choose("er, KS").Select(t => t.Name));
        Assert.Equal(SuiteCatalog.All, SuiteCatalog.Choose("all"));
        Assert.Contains("Did you mean 'asv'?", Assert.Throws<ConfigurationException>(() => SuiteCatalog.Choose("ks,asvv")).Message, StringComparison.Ordinal);
        Assert.Contains("names no task", Assert.Throws<ConfigurationException>(() => SuiteCatalog.Choose(",")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_rate_is_found_once()
    {
        using var suite = new TinySuite();
        Directory.CreateDirectory(suite.Data);
        var tried = new List<double>();
        double Trial(double rate)
        {
            tried.Add(rate);
            return rate == 1e-1 ? throw new TacitException("The loss is NaN.") : -Math.Abs(Math.Log10(rate) + 2.2);
        }

        using (SuiteContext context = suite.Context())
        {
            Assert.Equal(1e-2, context.BestRate("t", [], Trial));
            Assert.Equal([1e-1, 1e-2, 1e-3, 1e-4], tried);
        }

        using SuiteContext again = suite.Context();
        Assert.Equal(1e-2, again.BestRate("t", [], Trial));
        Assert.Equal(4, tried.Count);
        again.BestRate("another", [], Trial);
        Assert.Equal(8, tried.Count);
        Assert.Contains("with every rate of 0.1, 0.01", Assert.Throws<TacitException>(() => again.BestRate("bad", [], _ => double.NaN)).Message, StringComparison.Ordinal);
    }
}
