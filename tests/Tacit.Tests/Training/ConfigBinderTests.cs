using Tacit.Methods;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Training;

public sealed class ConfigBinderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SettingsWinOverTheRecipeAndTheRecipeOverDefaults()
    {
        string recipe = Recipe("""
            # comments are fine
            method:
              temperature: 0.5
              projector: [512, 128]
            optimizer:
              lr: 0.1
              weight_decay: 1e-6
            schedule.warmup: 0.05
            """);
        RunConfig config = ConfigBinder.Bind("simclr", recipe, ["optimizer.lr=0.2", "optimizer.lr=0.3"]);
        var method = Assert.IsType<SimClrOptions>(config.Method);
        Assert.Equal(0.5f, method.Temperature);
        Assert.Equal([512, 128], method.Projector);
        Assert.Equal(0.3, config.Optimizer.Lr);
        Assert.Equal(1e-6, config.Optimizer.WeightDecay);
        Assert.Equal(0.9, config.Optimizer.Momentum);
        Assert.Equal(0.05, config.Schedule.Warmup);
        Assert.Equal(
            ["method.projector", "method.temperature", "optimizer.lr", "optimizer.weight-decay", "schedule.warmup"],
            config.Given.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void APresetIsSetBeforeTheKeysBesideIt()
    {
        Assert.Equal(16, ConfigBinder.Bind("simclr", null, []).Model.Backbone.Width);
        RunConfig config = ConfigBinder.Bind("simclr", Recipe("model:\n  width: 32\n"), ["model.preset=large"]);
        Assert.Equal(("large", "resnet50", "imagenet", 32), (config.Model.Preset, config.Model.Backbone.Name, config.Model.Backbone.Stem, config.Model.Backbone.Width));
    }

    [Fact]
    public void AugmentationStandsAtTheTopLevel() =>
        Assert.Equal(0.25f, Assert.IsType<SimClrOptions>(ConfigBinder.Bind("simclr", null, ["augmentation.min-scale=0.25"]).Method).Augmentation.MinScale);

    [Theory]
    [InlineData("optimizer.lrr=1", "There is no configuration key 'optimizer.lrr'. Did you mean 'optimizer.lr'?")]
    [InlineData("warmup=1", "There is no configuration key 'warmup'. Did you mean 'schedule.warmup'?")]
    [InlineData("optimizer.lr", "The setting 'optimizer.lr' is not of the form key=value.")]
    [InlineData("optimizer.lr=fast", "optimizer.lr: 'fast' is not a number.")]
    [InlineData("optimizer.name=sdg", "optimizer.name: 'sdg' is none of sgd, adam, adamw, lars, lamb.")]
    [InlineData("train.batch-size=1", "train.batch-size: '1' is out of range: it must be from 2 to 1048576.")]
    [InlineData("train.seed=-1", "train.seed: '-1' is out of range: it must be at least 0.")]
    [InlineData("method.local-crops=2", "method.local-crops: simclr has no such option; it is one of swav, dino.")]
    [InlineData("method.name=byol", "method.name: 'byol' is not the method that was asked for, simclr.")]
    [InlineData("model.preset=huge", "model.preset: 'huge' is none of small, base, large.")]
    [InlineData("data.mean=[0.5]", "data.mean: '[0.5]' needs three numbers: red, green, blue.")]
    [InlineData("augmentation.max-scale=0.05", "The augmentation cannot work: the crop's scale must lie within 0 < min <= max <= 1, not 0.08 to 0.05.")]
    [InlineData("average.decay=1", "average.decay: '1' is out of range: it must be from 0 to below 1.")]
    public void WhatCannotBeIsRefusedByName(string setting, string message) =>
        Assert.Equal(message, Assert.Throws<ConfigurationException>(() => ConfigBinder.Bind("simclr", null, [setting])).Message);

    [Fact]
    public void SizesThatCannotBeAreRefusedByName()
    {
        var error = Assert.Throws<ConfigurationException>(() => ConfigBinder.Bind("simclr", null, ["data.sizes=[24@0.5, 32]"]));
        Assert.StartsWith("data.sizes: '[24@0.5, 32]' cannot be used:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunHasOneLength()
    {
        Assert.Equal(
            "The command line gives both train.steps and train.minutes; a run has one length.",
            Assert.Throws<ConfigurationException>(() => ConfigBinder.Bind("simclr", null, ["train.steps=5", "train.minutes=1"])).Message);
        RunConfig config = ConfigBinder.Bind("simclr", Recipe("train:\n  epochs: 3\n"), ["train.minutes=1"]);
        Assert.Equal((null, null, 1f), (config.Train.Steps, config.Train.Epochs, config.Train.Minutes!.Value));
    }

    [Theory]
    [InlineData("- a\n- b\n", "line 1: a recipe is a list of 'key: value' lines")]
    [InlineData("optimizer: {lr: 1\n", "not valid YAML")]
    [InlineData("optimizer:\n  lr: 1\noptimizer.lr: 2\n", "line 3: the key 'optimizer.lr' stands there twice")]
    [InlineData("optimizer:\n  lr: 1\n  lr: 2\n", "not valid YAML")]
    [InlineData("optimizer: 3\n", "There is no configuration key 'optimizer'")]
    [InlineData("? [a, b]\n: 3\n", "line 1: a recipe is a list of 'key: value' lines")]
    public void ARecipeThatIsNoneIsRefused(string text, string part) =>
        Assert.Contains(part, Assert.Throws<ConfigurationException>(() => ConfigBinder.Bind("simclr", Recipe(text), [])).Message, StringComparison.Ordinal);

    [Fact]
    public void ARecipeForRecordingsNeedNotSayThatTheyAreRecordings()
    {
        RunConfig config = ConfigBinder.Bind("simclr", Recipe("data:\n  crop: 1.5\nsound:\n  noise-probability: 0.5\n"), ["method.modality=speech"]);
        Assert.Equal((1.5f, 0.5f), (config.Data.Crop!.Value, config.Sound.NoiseProbability));
    }

    [Fact]
    public void AMissingRecipeIsNamed() =>
        Assert.Equal($"There is no file '{folder["none.yaml"]}'.", Assert.Throws<ConfigurationException>(() => ConfigBinder.Bind("simclr", folder["none.yaml"], [])).Message);

    [Fact]
    public void AnEmptyRecipeIsTheDefaults() => Assert.Empty(ConfigBinder.Bind("simclr", Recipe("# nothing\n"), []).Given);

    [Theory]
    [InlineData("/data/pictures")]
    [InlineData("C:\\new folder: 'odd' \"names\" # and [brackets]")]
    [InlineData("- @tab\there")]
    [InlineData("no")]
    [InlineData("1e5")]
    public void WrittenOutItReadsBackAsItWas(string path)
    {
        RunConfig config = ConfigBinder.Bind("simclr", null, [$"data.path={path}", "optimizer.lr=0.1", "data.sizes=16,24@0.3,32@0.7", "train.steps=12", "method.projector=4"]);
        string file = Recipe(ConfigBinder.ToYaml(config));
        RunConfig read = ConfigBinder.Read(file);
        Assert.Equal(path, read.Data.Path);
        Assert.Equal(ConfigBinder.Values(config), ConfigBinder.Values(read));
        Assert.Equal(ConfigBinder.ToYaml(config), ConfigBinder.ToYaml(read));
    }

    [Fact]
    public void EveryRecipeOfTheRepositoryBindsAndRepeatsNoDefault()
    {
        string[] recipes = Directory.GetFiles(Recipes(), "*.yaml");
        Assert.NotEmpty(recipes);
        Assert.All(recipes, path =>
        {
            string method = MethodCatalog.All.Concat(MethodCatalog.References).Select(m => m.Info.Name).Where(name => Path.GetFileName(path).StartsWith(name + "-", StringComparison.Ordinal)).MaxBy(name => name.Length)!;
            string[] modality = Path.GetFileName(path).Contains("-librispeech", StringComparison.Ordinal) ? ["method.modality=speech"] : [];       // as the data say it
            RunConfig config = ConfigBinder.Bind(method, path, modality), defaults = ConfigBinder.Bind(method, null, modality);
            // A default rate is scaled by the batch: with a batch of its own, a recipe that gives the reference's rate says something new.
            string? scaled = config.Given.Contains("train.batch-size") ? "optimizer.lr" : null;
            string[] given = [.. config.Given.Where(key => key != "method.modality" && key != scaled)];
            Assert.NotEmpty(given);
            Assert.All(given, key => Assert.NotEqual(ConfigBinder.Get(defaults, key), ConfigBinder.Get(config, key)));
        });
    }

    private static string Recipes()
    {
        for (DirectoryInfo? above = new(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            if (Directory.Exists(Path.Combine(above.FullName, "recipes")) && File.Exists(Path.Combine(above.FullName, "Tacit.slnx")))
            {
                return Path.Combine(above.FullName, "recipes");
            }
        }

        throw new DirectoryNotFoundException("The repository's recipes are not above the tests.");
    }

    private string Recipe(string text)
    {
        File.WriteAllText(folder["recipe.yaml"], text);
        return folder["recipe.yaml"];
    }
}
