using Tacit.Data;
using Tacit.Methods;
using Tacit.Training;
using Xunit;

namespace Tacit.Long.Methods;

/// <summary>Every method with its own defaults trains twelve steps within a minute on real pictures: the promise of the small presets.</summary>
public sealed class EveryMethodTests
{
    private const int Steps = 12;

    public static MatrixTheoryData<string, string> Cases { get; } = new(
        MethodCatalog.All.Concat(MethodCatalog.References).Where(m => m.Info.Modality.Contains("image")).Select(m => m.Info.Name),
        ["cifar10-train", "flowers64-train"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_trains_with_its_defaults(string method, string data)
    {
        string path = Pictures.SharedPictures.Find(data + ".tar") ?? throw Pictures.SharedPictures.SkipBecause($"shared/data/{data}.tar is not beside the repository");
        string run = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using PictureDataset pictures = PictureDataset.Open(path);
            RunConfig config = ConfigBinder.Bind(method, null, [$"train.steps={Steps}"]);
            RunResult result = Trainer.Run(config, pictures, run, resume: false, new Silent());
            Assert.Equal(Steps, result.Steps);
            Assert.True(double.IsFinite(result.Loss));
            Assert.InRange(result.Seconds, 0, 60);
        }
        finally
        {
            Directory.Delete(run, recursive: true);
        }
    }

    private sealed class Silent : ITrainingObserver
    {
        public void On(TrainingEvent happened) { }
    }
}
