using Tacit.Methods;
using Tacit.Models;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Methods;

public sealed class MethodCatalogTests
{
    private static readonly string[] Families = ["generative", "predictive", "contrastive", "bootstrapping", "regularized"];
    private static readonly string[] Modalities = ["image", "speech", "text"];

    [Fact]
    public void EveryEntrySaysWhatItIs()
    {
        Assert.NotEmpty(MethodCatalog.All);
        Assert.Equal(MethodCatalog.All.Count, MethodCatalog.All.Select(m => m.Info.Name).Distinct().Count());
        Assert.All(MethodCatalog.All, entry =>
        {
            Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", entry.Info.Name);
            Assert.Contains(entry.Info.Family, Families);
            Assert.NotEmpty(entry.Info.Modality);
            Assert.Subset(Modalities.ToHashSet(), entry.Info.Modality.ToHashSet());
            Assert.InRange(entry.Info.Year, 1980, 2030);
            Assert.DoesNotContain('\n', entry.Info.Summary);
            Assert.NotEmpty(entry.Info.Paper);
        });
    }

    [Fact]
    public void EveryEntryMakesItsMethodFromItsDefaults() => Assert.All(MethodCatalog.All, entry =>
    {
        Backbone backbone = BackboneFactory.Build(entry.Setup.Model(ModelOptions.OfPreset(entry.Setup.Architecture, "small").Backbone));
        Method method = entry.Create(backbone, entry.Defaults);
        Assert.Same(backbone, method.Backbone);
        Assert.Contains(method.NamedParameters(), p => p.Key.StartsWith("backbone.", StringComparison.Ordinal));
        Assert.True((entry.Info.Modality[0] switch { "speech" => method.Sounds!.ViewCount, "text" => 1, _ => method.Views!.ViewCount }) > 0);
        Assert.All(entry.Options.Keys, key => Assert.NotNull(entry.Options.Get(entry.Defaults, key)));
    });

    [Fact]
    public void NamesAreFoundWhateverTheirCase() => Assert.Equal("simclr", MethodCatalog.Get("SimCLR").Info.Name);

    [Fact]
    public void AnUnknownNameIsAnsweredByTheNearest() => Assert.Equal(
        "There is no method 'simcrl'. Did you mean 'simclr'? 'tacit methods' lists them all.",
        Assert.Throws<ConfigurationException>(() => MethodCatalog.Get("simcrl")).Message);
}
