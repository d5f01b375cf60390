using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// Training with labels: not self-supervised, but what the same network reaches when it is told the classes, which is what
/// the other methods are held against.
/// </summary>
/// <remarks>He et al. 2016, arXiv:1512.03385: one linear layer on the pooled features, cross-entropy, crops and flips.</remarks>
public sealed class Supervised : Method
{
    private readonly Linear head;

    public Supervised(Backbone backbone, SupervisedOptions options) : base(backbone)
    {
        Views = ViewPlan.Crop(options.Augmentation);
        head = Add("head", new Linear(backbone.Dim, options.Classes ?? 2));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "supervised",
            "reference",
            ["image"],
            "He, Zhang, Ren and Sun: Deep Residual Learning for Image Recognition, arXiv:1512.03385",
            2015,
            "Name the class of each picture, with all labels: the reference, not self-supervised"),
        new SupervisedOptions(),
        SupervisedOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Supervised(backbone, (SupervisedOptions)options));

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        int[] labels = batch.Labels ?? throw new TacitException("Supervised training met a batch without labels.");
        if (!labels.Any(label => label >= 0))
        {
            throw new TacitException("None of the pictures of a batch has a label, so there is nothing to learn from it: label more of them, or use a larger train.batch-size.");
        }

        Tensor logits = head.Forward(Backbone.Forward(batch.Views));    // [N, classes]
        diagnostics.Report("accuracy", ClassReport.Accuracy(logits, labels));
        return Ops.CrossEntropy(logits, labels, ignoreIndex: -1);
    }

    public override double? ChanceLoss(int batchSize) => Math.Log(head.Output);
}

/// <summary>The options of <see cref="Supervised"/>.</summary>
public sealed record SupervisedOptions : MethodOptions
{
    /// <summary>Classes of the data set; auto is how many there are.</summary>
    public int? Classes { get; init; }

    /// <summary>Crop and flip, as classifiers are trained on CIFAR-10; crops keep at least a quarter of the picture.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.CropAndFlip with { MinScale = 0.25f };

    internal static OptionTable<SupervisedOptions> Table { get; } = new OptionTable<SupervisedOptions>()
        .WholeOrAuto("classes", o => o.Classes, (o, v) => o with { Classes = (int?)v }, new Interval(2, 1 << 20))
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate() => Augmentation.Validate();

    public override MethodOptions FitTo(DataFit fit)
    {
        if (fit.Classes < 2)
        {
            throw DataFit.Refusal("supervised", fit.Classes == 0
                ? "the data set has no labels; put the pictures into one folder a class, or give a manifest with a label column"
                : "the data set has one class only");
        }

        return this with { Classes = Classes is { } given && given < fit.Classes ? fit.AtLeast("method.classes", given, fit.Classes, "the data set has that many") : Classes ?? fit.Classes };
    }
}
