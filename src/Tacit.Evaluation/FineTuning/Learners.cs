using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>Who learns in a network of an encoder and a head, and how fast: at first the head alone, then the encoder's layers by their depth.</summary>
internal sealed class Learners
{
    private const string Front = "feature_extractor.";

    private readonly Module network;
    private readonly Backbone backbone;
    private readonly Linear head;
    private readonly FineTuneOptions options;
    private readonly bool batchStatistics;

    /// <param name="network">Holds both.</param>
    /// <param name="backbone">The encoder.</param>
    /// <param name="head">On its features or states.</param>
    /// <param name="options">How they learn.</param>
    /// <param name="batchSize">Items a step.</param>
    public Learners(Module network, Backbone backbone, Linear head, FineTuneOptions options, int batchSize)
    {
        (this.network, this.backbone, this.head, this.options) = (network, backbone, head, options);
        batchStatistics = options.BatchNorm switch
        {
            FineTuneOptions.Auto => batchSize >= FineTuneOptions.FewForNorms,
            string whose => whose == FineTuneOptions.Batch,
        };
    }

    /// <summary>Whether the head learns alone: the encoder then runs as in evaluation, and nothing of it moves.</summary>
    public bool HeadOnly
    {
        set
        {
            if (value)
            {
                network.Eval();
            }
            else
            {
                network.Train();
                foreach (BatchNorm norm in batchStatistics ? [] : backbone.Parts().OfType<BatchNorm>())
                {
                    norm.Eval();
                }
            }

            foreach ((string name, Tensor parameter) in backbone.NamedParameters())
            {
                parameter.RequiresGrad = !value && !(options.FreezeFront && name.StartsWith(Front, StringComparison.Ordinal));
            }
        }
    }

    /// <summary>What learns, once the encoder does: its layers by their depth, and the head.</summary>
    public IReadOnlyList<ParameterGroup> Groups()
    {
        HeadOnly = false;
        Tensor[] weights = [.. head.Parameters()];
        return
        [
            .. DepthGroups.Of(backbone, options.LayerDecay, options.WeightDecay),
            new ParameterGroup([weights[0]]) { LrScale = options.HeadRate, WeightDecay = options.WeightDecay },
            new ParameterGroup([weights[1]]) { LrScale = options.HeadRate },
        ];
    }

    /// <summary>All steps of the fit: the head alone for its share of them, then all.</summary>
    /// <param name="count">Items to learn from.</param>
    /// <param name="seed">Of order and dropout.</param>
    /// <param name="loss">Makes the loss of the items at some places, for a step.</param>
    /// <param name="progress">Told how many steps are done, of how many.</param>
    /// <param name="stop">Ends between two steps.</param>
    /// <returns>How it was done, for people.</returns>
    public string Learn(int count, ulong seed, Func<int[], long, Func<Tensor>> loss, Action<int, int>? progress, CancellationToken stop)
    {
        int steps = options.StepsFor(count), warm = (int)Math.Round(options.HeadWarmup * steps), size = Math.Min(options.BatchSize, count);
        var fit = new SupervisedFit(Groups(), new FitOptions
        {
            Steps = steps,
            BatchSize = size,
            Seed = seed,
            Optimizer = new OptimizerOptions { Name = "adamw", Lr = options.Lr, WeightDecay = options.WeightDecay, ClipNorm = options.ClipNorm },
            Schedule = new ScheduleOptions { Name = "cosine", Warmup = Math.Min(options.Warmup, steps) },
        });
        HeadOnly = warm > 0;
        while (!fit.Finished)
        {
            stop.ThrowIfCancellationRequested();
            if (fit.Done == warm)
            {
                HeadOnly = false;
            }

            fit.Step(loss(fit.Next(count), fit.Done));
            progress?.Invoke((int)fit.Done, steps);
        }

        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"AdamW, {steps:N0} steps of {size}, lr {options.Lr:0.#####}, layer decay {options.LayerDecay:0.##}, head alone for {warm:N0} steps");
    }
}
