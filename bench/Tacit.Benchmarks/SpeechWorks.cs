using System.Text.Json.Nodes;
using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Benchmarks;

/// <summary>Training steps of speech encoders.</summary>
internal static class SpeechWorks
{
    public static IEnumerable<Work> All(string root)
    {
        yield return Wav2Vec2Step();
        yield return Wav2Vec2Base();
        yield return RecurrentStep("gru", 2.5, () => new Gru(80, 512, 3));
        yield return RecurrentStep("lstm", 0, () => new Lstm(80, 512, 3));
        string tar = DataFolder.File(root, "librispeech-train.tar");
        if (File.Exists(tar))
        {
            yield return Fbank(tar);
        }
    }

    /// <summary>Forward, mean square, backward and Adam on 8 recordings of 4 seconds: 7 convolutions of 256 channels, 4 layers of 256.</summary>
    private static Work Wav2Vec2Step() => new()
    {
        Name = "wav2vec 2.0 encoder step, 7 x 256, 4 x 256, 8 x 4 s",
        Target = 2.5,
        Memory = true,
        Runs = 1,
        Requests = [new JsonObject { ["work"] = "wav2vec2-step", ["items"] = 8, ["samples"] = 64000 }],
        Prepare = () =>
        {
            var encoder = new Wav2Vec2Encoder(Wav2Vec2Options.Base with
            {
                ConvDims = [.. Enumerable.Repeat(256, 7)],
                Dim = 256,
                Layers = 4,
                Heads = 4,
                FeedForward = 1024,
                Dropout = 0,
                AttentionDropout = 0,
                InputDropout = 0,
                LayerDrop = 0,
                FrontGradient = 1,
            });
            encoder.Initialize(0);
            Optimizer optimizer = Optimizer.Create(new OptimizerOptions { Name = "adam" }, encoder);
            var waves = Tensor.Lasting(new Shape(8, 64000));
            Philox.FillNormal(waves.Span, 0, 1, 0);
            long step = 0;
            return () =>
            {
                using Scope scope = Scope.Gradient(0, step++);
                scope.Backward(Ops.Mean(Ops.Square(encoder.Encode(waves))));
                optimizer.Step(1e-4);
            };
        },
    };

    /// <summary>The published base encoder on one recording of 10 seconds.</summary>
    private static Work Wav2Vec2Base() => new()
    {
        Name = "wav2vec 2.0 base, forward, 10 s",
        Target = 1.5,
        Memory = true,
        Runs = 1,
        Requests = [new JsonObject { ["work"] = "wav2vec2-base", ["samples"] = 160000 }],
        Prepare = () =>
        {
            var encoder = new Wav2Vec2Encoder(Wav2Vec2Options.Base);
            encoder.Initialize(0);
            encoder.Eval();
            var wave = Tensor.Lasting(new Shape(1, 160000));
            Philox.FillNormal(wave.Span, 0, 1, 0);
            return () =>
            {
                using Scope scope = Scope.NoGradient();
                encoder.Encode(wave);
            };
        },
    };

    /// <summary>Decodes 33 minutes of FLAC and makes FBANK frames of them on one core; the peer makes frames of as much noise, which it need not decode.</summary>
    private static Work Fbank(string tar)
    {
        using SoundDataset all = SoundDataset.Open(tar);
        int seconds = (int)all.Seconds();
        return new Work
        {
            Name = $"decode FLAC and FBANK, {seconds} s, one core",
            OneThread = true,
            Runs = 1,
            Requests = [new JsonObject { ["work"] = "fbank", ["seconds"] = seconds, ["warmup"] = 0 }],
            Prepare = () => () =>
            {
                using SoundDataset sounds = SoundDataset.Open(tar);
                sounds.CacheBytes = 0;
                foreach (Batch _ in new SoundInput { Form = SoundForm.Frames }.Batches(sounds, 16))
                {
                    // The batch is all there is to do.
                }
            },
        };
    }

    /// <summary>Forward, mean square, backward and Adam on 16 × 400 frames of 80.</summary>
    private static Work RecurrentStep(string kind, double target, Func<RecurrentLayer> make) => new()
    {
        Name = $"{kind} step, 3 x 512 on 16 x 400 x 80",
        Target = target,
        Memory = true,
        Runs = 1,
        Requests = [new JsonObject { ["work"] = $"{kind}-step", ["layers"] = 3, ["hidden"] = 512, ["items"] = 16, ["frames"] = 400, ["input"] = 80 }],
        Prepare = () =>
        {
            RecurrentLayer layer = make();
            layer.Initialize(0);
            Optimizer optimizer = Optimizer.Create(new OptimizerOptions { Name = "adam" }, layer);
            var input = Tensor.Lasting(new Shape(16, 400, 80));
            Philox.FillNormal(input.Span, 0, 1, 0);
            long step = 0;
            return () =>
            {
                using Scope scope = Scope.Gradient(0, step++);
                scope.Backward(Ops.Mean(Ops.Square(layer.Forward(input))));
                optimizer.Step(1e-4);
            };
        },
    };
}
