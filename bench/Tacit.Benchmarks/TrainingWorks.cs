using System.Text.Json.Nodes;
using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Benchmarks;

/// <summary>Whole training steps, and the loader on one core.</summary>
internal static class TrainingWorks
{
    public static IEnumerable<Work> All(string root)
    {
        yield return SimClrStep(64, 128, 1.2);
        yield return SimClrStep(16, 512, 0);
        string tar = Path.GetFullPath(Path.Combine(root, "..", "shared", "data", "cifar10-train.tar"));
        if (File.Exists(tar))
        {
            yield return Loader(tar, 10_000);
        }
    }

    /// <summary>Forward, NT-Xent, backward and SGD on views that are there already.</summary>
    private static Work SimClrStep(int width, int views, double target)
    {
        JsonObject Request(bool channelsLast) => new()
        {
            ["work"] = "simclr-step",
            ["width"] = width,
            ["views"] = views,
            ["channels_last"] = channelsLast,
        };
        return new Work
        {
            Name = $"SimCLR step, ResNet-18 width {width}, {views} views",
            Target = target,
            Runs = 1,
            Requests = [Request(false), Request(true)],
            Prepare = () =>
            {
                Backbone backbone = BackboneFactory.Create(new BackboneOptions { Width = width }, 0);
                var method = new SimClr(backbone, new SimClrOptions { Projector = [backbone.Dim, 128], Temperature = 0.5f });
                method.Initialize(0);
                Optimizer optimizer = Optimizer.Create(new OptimizerOptions { Name = "sgd", WeightDecay = 1e-4 }, method);
                var input = Tensor.Lasting(new Shape(views, 32, 32, 3));
                Philox.FillNormal(input.Span, 0, 1, 0);
                var batch = new Batch(input, 2, new int[views / 2], null);
                var diagnostics = new Diagnostics();
                long step = 0;
                return () =>
                {
                    using Scope scope = Scope.Gradient(0, step++);
                    scope.Backward(method.Loss(batch, diagnostics));
                    optimizer.Step(0.01);
                };
            },
        };
    }

    /// <summary>Decodes JPEGs and makes two SimCLR views of each, without a cache.</summary>
    private static Work Loader(string tar, int count) => new()
    {
        Name = $"decode and augment {count} CIFAR JPEGs, one core",
        Target = 4,
        OneThread = true,
        Runs = 1,
        Requests = [new JsonObject { ["work"] = "loader", ["tar"] = tar, ["count"] = count, ["warmup"] = 0 }],
        Prepare = () =>
        {
            const int BatchSize = 250;
            PictureDataset dataset = PictureDataset.Open(tar);
            ViewPlan plan = ViewPlan.TwoCrops(new AugmentationOptions());
            long step = 0;
            return () =>
            {
                using var loader = new PictureLoader(dataset, plan, new LoaderOptions { BatchSize = BatchSize, CacheBytes = 0 }, 0);
                for (int i = 0; i < count / BatchSize; i++)
                {
                    loader.At(step++);
                }
            };
        },
    };
}
