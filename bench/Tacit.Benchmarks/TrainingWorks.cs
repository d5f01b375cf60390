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
        yield return SimClrStep(64, 128, 1.3);
        yield return SimClrStep(16, 512, 2);
        yield return VitStep();
        yield return MaeStep();
        string tar = DataFolder.File(root, "cifar10-train.tar");
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
            Memory = true,
            Runs = 1,
            Requests = [Request(false), Request(true)],
            Prepare = () =>
            {
                Backbone backbone = BackboneFactory.Create(new BackboneOptions { Width = width }, 0);
                var method = new SimClr(backbone, new SimClrOptions { Projector = [backbone.Dim, 128], Temperature = 0.5f });
                method.Initialize(0);
                Optimizer optimizer = Optimizer.Create(new OptimizerOptions { Name = "sgd", WeightDecay = 1e-4 }, method);
                var batch = new Batch(Pictures(views), 2, new int[views / 2], null);
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

    /// <summary>64 pictures of 64 patches and a class token, 12 blocks of width 192: forward, mean square, backward and AdamW.</summary>
    private static Work VitStep() => new()
    {
        Name = "ViT-tiny step, 64 x 65 tokens, 12 x 192",
        Target = 2,
        Memory = true,
        Runs = 1,
        Requests = [new JsonObject { ["work"] = "vit-step", ["items"] = 64 }],
        Prepare = () =>
        {
            Backbone vit = BackboneFactory.Create(Tiny with { Pool = "token", Positions = "learned" }, 0);
            Optimizer optimizer = Optimizer.Create(new OptimizerOptions { Name = "adamw" }, vit);
            Tensor pictures = Pictures(64);
            long step = 0;
            return () =>
            {
                using Scope scope = Scope.Gradient(0, step++);
                scope.Backward(Ops.Mean(Ops.Square(vit.Forward(pictures))));
                optimizer.Step(1e-4);
            };
        },
    };

    /// <summary>The same transformer on a quarter of the patches, a decoder of two blocks of width 96, and AdamW.</summary>
    private static Work MaeStep() => new()
    {
        Name = "MAE step, ViT-tiny, 64 pictures of 32",
        Target = 2,
        Memory = true,
        Runs = 1,
        Requests = [new JsonObject { ["work"] = "mae-step", ["items"] = 64 }],
        Prepare = () =>
        {
            var method = new Mae(BackboneFactory.Create(Tiny, 0), new MaeOptions());
            method.Initialize(0);
            Optimizer optimizer = Optimizer.Create(new OptimizerOptions { Name = "adamw" }, method);
            var batch = new Batch(Pictures(64), 1, new int[64], null);
            var diagnostics = new Diagnostics();
            long step = 0;
            return () =>
            {
                using Scope scope = Scope.Gradient(0, step++);
                scope.Backward(method.Loss(batch, diagnostics));
                optimizer.Step(1e-4);
            };
        },
    };

    private static BackboneOptions Tiny { get; } = new() { Name = BackboneFactory.Vit, PatchSize = 4, Depth = 12, Dim = 192, Heads = 3, Side = 32 };

    private static Tensor Pictures(int items)
    {
        Tensor pictures = Tensor.Lasting(new Shape(items, 32, 32, 3));
        Philox.FillNormal(pictures.Span, 0, 1, 0);
        return pictures;
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
