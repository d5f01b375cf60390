using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>DINO: a student that sees all crops says what a slow teacher says of the large ones, without labels for what.</summary>
/// <remarks>Caron et al. 2021, arXiv:2104.14294, Algorithm 1. Crops of one side go through the encoder together.</remarks>
public sealed class Dino : Method
{
    private readonly DinoOptions options;
    private readonly DinoHead head;
    private readonly Teacher<Backbone> teacher;
    private readonly Teacher<DinoHead> teacherHead;
    private readonly Centre centre;
    private float teacherTemperature;

    public Dino(Backbone backbone, DinoOptions options) : base(backbone)
    {
        this.options = options;
        Views = options.Plan;
        head = Add("head", NewHead());
        teacher = Add("teacher", new Teacher<Backbone>(backbone, BackboneFactory.Build(backbone.Options with { DropPath = 0 })));
        teacherHead = Add("teacher_head", new Teacher<DinoHead>(head, NewHead()));
        centre = Add("centre", new Centre(options.Prototypes));
        teacherTemperature = options.FirstTeacherTemperature;

        DinoHead NewHead() => new(backbone.Dim, options.Head, options.Prototypes, options.HeadNorm);
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "dino",
            "bootstrapping",
            ["image"],
            "Caron, Touvron, Misra et al.: Emerging Properties in Self-Supervised Vision Transformers, arXiv:2104.14294",
            2021,
            "Say of every crop what a slow teacher, centred and sharpened, says of the large ones"),
        new DinoOptions(),
        DinoOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Dino(backbone, (DinoOptions)options))
    {
        Setup = new MethodSetup { Schedule = new ScheduleOptions { Warmup = 0.1 } },
    };

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor said;                                                                    // [2N, K]
        using (Scope scope = Scope.NoGradient())
        {
            said = scope.Keep(teacherHead.Twin.Forward(teacher.Twin.Forward(batch.Views)));
        }

        Tensor z = head.Bottleneck(Backbone.Forward(batch.Views));                      // [2N, D]
        Tensor all = batch.Locals is null ? z : Ops.Concat(0, z, head.Bottleneck(Backbone.Forward(batch.Locals)));
        Tensor loss = DinoLoss.Loss(
            head.Logits(all), said, batch.Size, centre.Value, options.StudentTemperature, teacherTemperature, out DinoStatistics found);
        centre.Collect(said);
        diagnostics.Report("teacher_entropy", found.TeacherEntropy);
        diagnostics.Report("kl_divergence", found.KlDivergence);
        diagnostics.Report("centre_norm", centre.Norm);
        diagnostics.Embedding(DinoLoss.Targets(said.Rows(0, batch.Size), centre.Value, teacherTemperature));    // [N, K]: what is compared
        teacher.Report(diagnostics);
        return loss;
    }

    /// <summary>A student that gives every prototype the same share.</summary>
    public override double? ChanceLoss(int batchSize) => Math.Log(options.Prototypes);

    public override void BeforeStep(long step, long steps)
    {
        centre.Clear();
        teacherTemperature = (float)options.TeacherTemperatureAt(step, steps);
        head.FreezePrototypes(options.FrozenAt(step, steps));
    }

    public override void AfterStep(long step, long steps)
    {
        double momentum = Schedules.CosineMomentum(step - 1, steps, options.Momentum, options.FinalMomentum);
        teacher.Update(momentum);
        teacherHead.Update(momentum);
        centre.Commit(options.CentreMomentum);
    }
}
