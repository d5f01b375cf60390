using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>
/// The whole encoder learns from the labelled items with a linear head on it, or the same network from its starting values: the same
/// items, steps and augmentation, so that the difference is what pre-training is worth. Every rate and length is fixed before; nothing is
/// chosen on what is judged.
/// </summary>
public sealed class FineTune : Protocol
{
    private static readonly ulong Mixing = Philox.Hash("mixing"), Partners = Philox.Hash("mixing", "partners");

    private readonly Encoder encoder;
    private readonly Dataset data, asked;
    private readonly FineTuneOptions options;
    private readonly ulong seed;
    private string detail = "";

    /// <param name="encoder">Whose network learns; it is copied and stays as it is.</param>
    /// <param name="data">What tables of training items number.</param>
    /// <param name="test">What tables of test items number; null for the same.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="seed">Of the order of items, their views, mixing and dropout.</param>
    /// <param name="scratch">Whether the encoder is untrained, so that all of it learns from the first step.</param>
    /// <exception cref="ConfigurationException">The encoder has no network, or the options do not fit what it takes.</exception>
    public FineTune(Encoder encoder, Dataset data, Dataset? test, FineTuneOptions options, ulong seed, bool scratch = false)
    {
        (this.encoder, this.data, asked) = (encoder, data, test ?? data);
        this.options = scratch ? options.FromScratch : options;
        this.seed = seed;
        if (encoder.Layer == Encoder.Weighted)
        {
            throw new ConfigurationException("--features weighted is learned by a linear probe on frozen layers; fine-tuning takes one layer.");
        }

        if (data is not (PictureDataset or SoundDataset))
        {
            throw new ConfigurationException($"--protocol finetune takes pictures or recordings, and '{data.Path}' holds {data.Word}.");
        }

        if (data is not PictureDataset && (options.Mixup > 0 || options.Cutmix > 0))
        {
            throw new ConfigurationException("mixup and cutmix mix pictures; recordings are masked, by time-masks and frequency-masks.");
        }
    }

    /// <summary>What <c>--protocol</c> and results call it.</summary>
    public const string Word = "finetune";

    public override string Name => Word;

    public override string Detail => detail;

    /// <summary>Told what is being done and how far it is.</summary>
    public Action<string, int, int>? Progress { get; init; }

    /// <summary>Ends between two steps.</summary>
    public CancellationToken Stop { get; init; }

    public override int[] Predict(FeatureTable train, FeatureTable test) =>
        Learn(Items(train), train.Labels, train.Classes.Count)
            .Predict(encoder.Input, asked, Items(test), (done, of) => Progress?.Invoke($"{encoder.Name}: naming {asked.Word}", done, of), Stop);

    /// <summary>The network after its steps.</summary>
    /// <param name="items">Numbers in the data set.</param>
    /// <param name="labels">A class each.</param>
    /// <param name="classes">How many classes there are.</param>
    internal Classifier Learn(int[] items, int[] labels, int classes)
    {
        var network = new Classifier(encoder.Network(), encoder.Layer, classes, options, Math.Min(options.BatchSize, items.Length));
        ulong own = Draw == 0 ? seed : Philox.Mix(seed, (ulong)Draw);
        ChosenBatches batches = TrainingViews.Of(data, encoder.Input, options, items, own);
        Dictionary<int, int> label = items.Zip(labels).ToDictionary(p => p.First, p => p.Second);
        Func<Tensor> Step(int[] places, long step)
        {
            Batch batch = batches.Of([.. places.Select(place => items[place])], step);
            int[] wanted = [.. batch.Items.Select(item => label[item])];
            return () => Loss(network, batch, wanted, classes);
        }

        detail = network.Learners.Learn(items.Length, own, Step, (done, of) => Progress?.Invoke($"{encoder.Name}: steps with {items.Length:N0} labels", done, of), Stop);
        return network;
    }

    private Tensor Loss(Classifier network, Batch batch, int[] labels, int classes)
    {
        if (options.Mixup <= 0 && options.Cutmix <= 0)
        {
            return Ops.CrossEntropy(network.Logits(batch.Views, batch.Lengths), labels, options.LabelSmoothing);
        }

        Scope scope = Scope.Current!;
        var random = new RandomSequence(scope.Seed, Mixing, scope.Step);
        int[] partner = Philox.Permutation(labels.Length, scope.Seed, Partners, scope.Step);
        bool cut = options.Cutmix > 0 && (options.Mixup <= 0 || random.NextUniform() < 0.5f);
        float share = PictureMixing.Beta(cut ? options.Cutmix : options.Mixup, ref random);
        Tensor mixed;
        if (cut)
        {
            (mixed, share) = PictureMixing.Cutmix(batch.Views, partner, PictureMixing.Box(batch.Views.Shape[1], batch.Views.Shape[2], share, ref random));
        }
        else
        {
            mixed = PictureMixing.Mixup(batch.Views, partner, share);
        }

        return Ops.CrossEntropy(network.Logits(mixed, null), PictureMixing.Targets(labels, classes, partner, share), options.LabelSmoothing);
    }

    private static int[] Items(FeatureTable table) => table.Items ?? throw new ArgumentException("Fine-tuning needs to know which items a table holds.", nameof(table));
}
