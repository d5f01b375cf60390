using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>iGPT: a picture is a sentence of colours; tell each from those before it, or masked ones from the rest.</summary>
/// <remarks>Chen et al. 2020, "Generative Pretraining from Pixels". Its features are those of a middle block.</remarks>
public sealed class IGpt : Method, IReconstructs
{
    private readonly IGptOptions options;
    private readonly PixelTransformer model;
    private readonly bool causal;

    public IGpt(Backbone backbone, IGptOptions options) : base(backbone)
    {
        this.options = options;
        model = backbone as PixelTransformer
            ?? throw DataFit.Refusal("model.name", $"igpt tells a picture pixel by pixel, which {backbone.Options.Name} cannot; it works with {BackboneFactory.PixelTransformer}");
        model.Causal = causal = options.Objective == PixelObjective.Next;
        Views = ViewPlan.Crop(options.Augmentation);
        Stage = new PaletteStage(model);
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "igpt",
            "generative",
            ["image"],
            "Chen, Radford, Child, Wu, Jun, Dhariwal, Luan and Sutskever: Generative Pretraining from Pixels, ICML 2020",
            2020,
            "Tell each pixel's colour from those before it, or masked ones from the rest"),
        new IGptOptions(),
        IGptOptions.Table.As<MethodOptions>(),
        (backbone, options) => new IGpt(backbone, (IGptOptions)options))
    {
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.PixelTransformer,
            Optimizer = new OptimizerOptions { Name = "adam", Lr = 3e-3, WeightDecay = 0, Beta2 = 0.95, ClipNorm = 1 },
            Schedule = new ScheduleOptions { Warmup = 0.02 },
            LargestSide = 16,
        },
    };

    public override ViewPlan Views { get; }

    public override Stage? Stage { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor pictures = batch.View(0);
        int items = batch.Size;
        int[] tokens = model.Tokens(pictures), told = tokens;               // N · L colours
        Tensor logits;
        if (causal)
        {
            logits = model.Logits(tokens, items, model.Length, causal: true);                                   // [N · L, K]
        }
        else
        {
            int[] masked = DrawMask(items).MaskedRows();
            logits = Ops.Gather(model.Logits(tokens, items, model.Length, causal: false, masked), masked);      // [N · M, K]
            told = Array.ConvertAll(masked, place => tokens[place]);
        }

        Tensor loss = Ops.CrossEntropy(logits, told);
        diagnostics.Report("bits_per_pixel", loss.ToScalar() / Math.Log(2));
        diagnostics.Report("palette_use", (double)tokens.Distinct().Count() / model.Colours);
        if (diagnostics.Detailed)
        {
            using Scope scope = Scope.NoGradient();
            diagnostics.Report("palette_error", Ops.Mean(Ops.Square(Ops.Subtract(pictures, model.Pictures(tokens)))).ToScalar());
        }

        return loss;
    }

    /// <summary>All colours equally likely.</summary>
    public override double? ChanceLoss(int batchSize) => Math.Log(model.Colours);

    /// <summary>
    /// Pictures in the palette's colours; then, where the model tells what comes next, the upper half given, the lower drawn pixel
    /// by pixel, and pictures drawn from nothing; where it tells what is masked, the masked pixels and the likeliest colours for them.
    /// </summary>
    public IReadOnlyList<ReconstructionColumn> Reconstruct(Tensor pictures)
    {
        int items = pictures.Shape[0];
        int[] tokens = model.Tokens(pictures);
        var columns = new List<ReconstructionColumn> { new("original", pictures), new("in palette", model.Pictures(tokens)) };
        if (causal)
        {
            int half = model.Side / 2 * model.Side;
            columns.Add(new("upper half", Hidden(tokens, place => place % model.Length >= half)));
            int[] given = [.. tokens.Where((_, place) => place % model.Length < half)];
            columns.Add(new("completed", model.Pictures(model.Sample(Seed(), items, prefix: given))));
            columns.Add(new("from nothing", model.Pictures(model.Sample(Seed(), items))));
        }
        else
        {
            int[] masked = DrawMask(items).MaskedRows();
            HashSet<int> hidden = [.. masked];
            columns.Add(new("masked", Hidden(tokens, hidden.Contains)));
            columns.Add(new("reconstruction", model.Pictures(Likeliest(tokens, items, masked))));
        }

        return columns;
    }

    private Mask DrawMask(int items)
    {
        RandomSequence random = Scope.NextRandom("mask", Path);
        return RandomMask.Draw(items, model.Length, options.MaskRatio, ref random);
    }

    /// <summary>Of one sample: each of a scope has another.</summary>
    private ulong Seed() => Philox.Mix(Scope.Current!.Seed, Scope.NextStream("sample", Path));

    private int[] Likeliest(int[] tokens, int items, int[] masked)
    {
        int[] filled = [.. tokens];
        Tensor logits = model.Logits(tokens, items, model.Length, causal: false, masked);
        foreach (int place in masked)
        {
            filled[place] = System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(logits.Rows(place, 1).Span);
        }

        return filled;
    }

    /// <summary>Pictures in the palette's colours without some of their pixels.</summary>
    private Tensor Hidden(int[] tokens, Func<int, bool> hidden)
    {
        Tensor shown = model.Pictures(tokens);
        for (int place = 0; place < tokens.Length; place++)
        {
            if (hidden(place))
            {
                shown.Span.Slice(3 * place, 3).Clear();
            }
        }

        return shown;
    }
}
