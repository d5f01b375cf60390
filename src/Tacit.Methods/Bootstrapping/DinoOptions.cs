using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Dino"/>: the paper's; crops, widths and prototypes as solo-learn has them for CIFAR-10.</summary>
public sealed record DinoOptions : MethodOptions
{
    private const string LocalShareKey = "method.local-share";

    /// <summary>Of the student's softmax.</summary>
    public float StudentTemperature { get; init; } = 0.1f;

    /// <summary>Of the teacher's softmax once warmed up; sharper than the student's. 0.04 is the authors' and lightly's default; long runs take 0.07.</summary>
    public float TeacherTemperature { get; init; } = 0.04f;

    /// <summary>Of the teacher's softmax at the first step: not above the later one, since its answers are all alike then.</summary>
    public float FirstTeacherTemperature { get; init; } = 0.04f;

    /// <summary>How long the teacher's temperature rises along a line: below 1 a share of the run (30 of 300 epochs), otherwise steps.</summary>
    public double TeacherWarmup { get; init; } = 0.1;

    /// <summary>m of the centre; 1 never moves it from 0, which takes centring away.</summary>
    public double CentreMomentum { get; init; } = 0.9;

    /// <summary>The teacher's momentum at the first step.</summary>
    public double Momentum { get; init; } = 0.996;

    /// <summary>The teacher's momentum at the end, where half a cosine leads.</summary>
    public double FinalMomentum { get; init; } = 1;

    /// <summary>Widths of the head's layers, the last of them the bottleneck.</summary>
    public IReadOnlyList<int> Head { get; init; } = [2048, 2048, 256];

    /// <summary>Batch norm before each GELU of the head: as lightly has it for CIFAR-10's residual network; the paper's transformer has none.</summary>
    public bool HeadNorm { get; init; } = true;

    /// <summary>
    /// K: the paper's 65,536 where the data set is as large as its own; a default is less for fewer pictures, in the steps of
    /// lightly-train, since more prototypes than a small set can tell apart make the uniform answer too easy.
    /// </summary>
    public int Prototypes { get; init; } = 65536;

    /// <summary>How long the prototypes stay as they began: below 1 a share of the run (1 of 100 epochs), otherwise steps.</summary>
    public double FreezePrototypes { get; init; } = 0.01;

    /// <summary>Smaller crops of each picture, which the student alone sees; 0 for none.</summary>
    public int LocalCrops { get; init; } = 4;

    /// <summary>Their side as a share of the full one, rounded to a multiple of 4.</summary>
    public double LocalShare { get; init; } = 0.5;

    /// <summary>Their area as a share of the picture: the least and the most.</summary>
    public float LocalMinScale { get; init; } = 0.08f;

    public float LocalMaxScale { get; init; } = 0.4f;

    /// <summary>Of the two large crops, and of the small ones but for their area.</summary>
    public AugmentationOptions Augmentation { get; init; } = new() { MinScale = 0.4f, Saturation = 0.2f };

    /// <summary>How often the second large crop is solarised; all others as <c>augmentation.solarize-probability</c> says.</summary>
    public float SecondSolarizeProbability { get; init; } = 0.2f;

    internal static OptionTable<DinoOptions> Table { get; } = new OptionTable<DinoOptions>()
        .Number("student-temperature", o => o.StudentTemperature, (o, v) => o with { StudentTemperature = v }, Interval.Temperature)
        .Number("teacher-temperature", o => o.TeacherTemperature, (o, v) => o with { TeacherTemperature = v }, Interval.Temperature)
        .Number("first-teacher-temperature", o => o.FirstTeacherTemperature, (o, v) => o with { FirstTeacherTemperature = v }, Interval.Temperature)
        .Real("teacher-warmup", o => o.TeacherWarmup, (o, v) => o with { TeacherWarmup = v }, Interval.NotNegative)
        .Real("centre-momentum", o => o.CentreMomentum, (o, v) => o with { CentreMomentum = v }, Interval.Fraction)
        .Real("momentum", o => o.Momentum, (o, v) => o with { Momentum = v }, Interval.Fraction)
        .Real("final-momentum", o => o.FinalMomentum, (o, v) => o with { FinalMomentum = v }, Interval.Fraction)
        .Wholes("head", o => o.Head, (o, v) => o with { Head = v }, new Interval(1, 1 << 16))
        .Flag("head-norm", o => o.HeadNorm, (o, v) => o with { HeadNorm = v })
        .Whole("prototypes", o => o.Prototypes, (o, v) => o with { Prototypes = (int)v }, new Interval(2, 1 << 20))
        .Real("freeze-prototypes", o => o.FreezePrototypes, (o, v) => o with { FreezePrototypes = v }, Interval.NotNegative)
        .Whole("local-crops", o => o.LocalCrops, (o, v) => o with { LocalCrops = (int)v }, new Interval(0, 64))
        .Real("local-share", o => o.LocalShare, (o, v) => o with { LocalShare = v }, new Interval(0, 1, OpenLow: true))
        .Number("local-min-scale", o => o.LocalMinScale, (o, v) => o with { LocalMinScale = v }, new Interval(0, 1, OpenLow: true))
        .Number("local-max-scale", o => o.LocalMaxScale, (o, v) => o with { LocalMaxScale = v }, new Interval(0, 1, OpenLow: true))
        .Number("second-solarize-probability", o => o.SecondSolarizeProbability, (o, v) => o with { SecondSolarizeProbability = v }, Interval.Fraction)
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    /// <summary>The teacher's temperature after so many steps.</summary>
    public double TeacherTemperatureAt(long step, long steps)
    {
        double warmup = Schedules.Length(TeacherWarmup, steps);
        return step >= warmup ? TeacherTemperature : FirstTeacherTemperature + ((TeacherTemperature - FirstTeacherTemperature) * (step / warmup));
    }

    /// <summary>Whether the prototypes are held still after so many steps.</summary>
    public bool FrozenAt(long step, long steps) => step < Schedules.Length(FreezePrototypes, steps);

    public override void Validate()
    {
        Augmentation.Validate();
        Locals.Validate();
    }

    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("the centre of a batch of one picture is that picture");
        return WithPrototypes(fit).WithLocals(fit);
    }

    private DinoOptions WithPrototypes(DataFit fit) => fit.Given("method.prototypes") ? this : this with
    {
        Prototypes = fit.AtMost(
            "method.prototypes",
            Prototypes,
            fit.BySize((20_000, 1024), (50_000, 2048), (100_000, 4096), (200_000, 16_384), (500_000, 32_768), (int.MaxValue, 65_536)),
            $"the data set has {fit.Items} pictures"),
    };

    private DinoOptions WithLocals(DataFit fit)
    {
        int side = Plan.LocalSide(fit.Side), unit = fit.Model.SideUnit;
        if (LocalCrops == 0 || side % unit == 0)
        {
            return this;
        }

        string why = $"small crops of {side} pixels cannot be cut into the encoder's patches of {unit} (model.patch-size)";
        if (fit.Given("method.local-crops") || fit.Given(LocalShareKey))
        {
            throw DataFit.Refusal(LocalShareKey, $"{why}; give another share, or method.local-crops=0");
        }

        fit.Note($"method.local-crops is 0 instead of {LocalCrops} because {why}.");
        return this with { LocalCrops = 0 };
    }

    internal ViewPlan Plan => ViewPlan.MultiCrop(TwoViews.Asymmetric(Augmentation, SecondSolarizeProbability), Locals, LocalCrops, LocalShare);

    private AugmentationOptions Locals => Augmentation with { MinScale = LocalMinScale, MaxScale = LocalMaxScale };
}
