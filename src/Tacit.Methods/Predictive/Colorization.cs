using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Tacit.Methods;

/// <summary>Colourisation: see a picture's lightness, name the colour of every place.</summary>
/// <remarks>
/// Zhang, Isola and Efros 2016, arXiv:1603.08511. The encoder sees the lightness on all three channels; a head of 1×1
/// convolutions answers for every place of its last map (each 8×8 pixels with the CIFAR stem), where the paper keeps a
/// quarter of the picture's side. Rare colours count more, by their frequencies in the data.
/// </remarks>
public sealed class Colorization : Method, IReconstructs
{
    private readonly ColorizationOptions options;
    private readonly ResNet network;
    private readonly Conv2d conv;
    private readonly BatchNorm norm;
    private readonly Conv2d classes;
    private readonly Tensor weights;        // [Q] of the class rebalancing; 1 before the colours are counted
    private readonly Tensor mean;           // [3], what the data's levels are normalised by, for showing
    private readonly Tensor deviation;      // [3]

    public Colorization(Backbone backbone, ColorizationOptions options) : base(backbone)
    {
        this.options = options;
        network = backbone as ResNet ?? throw new TacitException($"Colourisation answers place by place and needs a residual network, not {backbone.Options.Name}.");
        Views = ViewPlan.Crop(options.Augmentation);
        conv = Add("conv", new Conv2d(backbone.Dim, options.Hidden, 1, bias: false));
        norm = Add("norm", new BatchNorm(options.Hidden));
        classes = Add("classes", new Conv2d(options.Hidden, ColourBins.Count, 1));
        weights = AddBuffer("weights", new Shape(ColourBins.Count), 1);
        mean = AddBuffer("mean", new Shape(3));
        deviation = AddBuffer("deviation", new Shape(3), 1);
        Stage = new ColourCount(weights, mean, deviation, network.Stride, options);
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "colorization",
            "predictive",
            ["image"],
            "Zhang, Isola and Efros: Colorful Image Colorization, arXiv:1603.08511",
            2016,
            "See a picture's lightness and name the colour of every place"),
        new ColorizationOptions(),
        ColorizationOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Colorization(backbone, (ColorizationOptions)options));

    public override ViewPlan Views { get; }

    public override Stage Stage { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor pictures = batch.View(0);
        Tensor logits = Answer(pictures, batch.Normalization);                                  // [N, h, w, Q]
        logits = logits.Reshape(-1, ColourBins.Count);                                          // [M, Q], M = N · h · w
        Tensor colours = ColourField.Colours(pictures, batch.Normalization, network.Stride);
        Tensor targets = ColourField.Targets(colours, weights.Span);                            // [M, Q], weighted
        Report(diagnostics, logits, targets, colours);
        return WeightedEntropy.Loss(logits, targets);
    }

    public override double? ChanceLoss(int batchSize) => Math.Log(ColourBins.Count);

    /// <summary>The pictures in the colours that the network gives them.</summary>
    /// <param name="pictures">[N, H, W, 3], normalised; only their lightness is looked at.</param>
    /// <param name="normalization">What was done to them.</param>
    /// <returns>[N, H, W, 3], levels 0 … 1.</returns>
    public Tensor Colorize(Tensor pictures, Normalization normalization) =>
        ColourField.Paint(pictures, normalization, Found(Answer(pictures, normalization)));

    /// <summary>The pictures, their lightness, and that in the colours the network gives it.</summary>
    public IReadOnlyList<ReconstructionColumn> Reconstruct(Tensor pictures)
    {
        var normalization = new Normalization(mean.ToArray(), deviation.ToArray());
        Tensor grey = Tensor.Zeros(new Shape(pictures.Shape[0], 1, 1, 2));
        return
        [
            new("original", pictures),
            new("lightness", Seen(ColourField.Paint(pictures, normalization, grey))),
            new("colourised", Seen(Colorize(pictures, normalization))),
        ];

        Tensor Seen(Tensor levels) => Ops.Divide(Ops.Subtract(levels, mean), deviation);
    }

    private Tensor Answer(Tensor pictures, Normalization normalization)
    {
        Tensor map = network.Map(ColourField.Lightness(pictures, normalization));               // [N, h, w, Dim]
        return classes.Forward(norm.Forward(conv.Forward(map), relu: true));
    }

    /// <summary>[.., Q] to the annealed means [.., 2].</summary>
    private Tensor Found(Tensor logits)
    {
        Tensor colours = Tensor.Empty(logits.Shape.With(logits.Rank - 1, 2));
        for (int row = 0; row < colours.Length / 2; row++)
        {
            (colours.Span[2 * row], colours.Span[(2 * row) + 1]) =
                ColourBins.AnnealedMean(logits.Span.Slice(row * ColourBins.Count, ColourBins.Count), options.ShownTemperature);
        }

        return colours;
    }

    /// <summary>Accuracy of the nearest bin, and the distance from the true colour to the shown one beside that to grey.</summary>
    private void Report(Diagnostics diagnostics, Tensor logits, Tensor targets, Tensor colours)
    {
        int[] nearest = new int[targets.Shape[0]];
        for (int row = 0; row < nearest.Length; row++)
        {
            nearest[row] = TensorPrimitives.IndexOfMax(targets.Span.Slice(row * ColourBins.Count, ColourBins.Count));
        }

        diagnostics.Report("accuracy", ClassReport.Accuracy(logits, nearest));
        if (diagnostics.Detailed)
        {
            using Scope scope = Scope.NoGradient();
            Tensor found = Found(logits);
            double off = 0, grey = 0;
            for (int i = 0; i < found.Length; i += 2)
            {
                (float a, float b) = (colours.Span[i], colours.Span[i + 1]);
                off += Math.Sqrt(Math.Pow(a - found.Span[i], 2) + Math.Pow(b - found.Span[i + 1], 2));
                grey += Math.Sqrt((a * a) + (b * b));
            }

            diagnostics.Report("colour_distance", 2 * off / found.Length);
            diagnostics.Report("colour_distance_of_grey", 2 * grey / found.Length);
        }
    }
}
