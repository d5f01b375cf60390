using System.Globalization;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// DeepCluster v2: cluster the pictures by what the encoder makes of them, then learn to tell the clusters of a picture from
/// its crops, epoch after epoch.
/// </summary>
/// <remarks>
/// Caron et al. 2018, arXiv:1807.05520, in the second form of Caron et al. 2020, arXiv:2006.09882, appendix D: spherical
/// k-means, several heads, and the centroids themselves as the classifiers, which no gradient moves. The first clusters are
/// those of the untrained encoder. Heads differ in where their k-means begins.
/// </remarks>
public sealed class DeepClusterV2 : Method
{
    private readonly DeepClusterV2Options options;
    private readonly Mlp projector;
    private readonly Tensor[] prototypes;       // [K, D] each, of unit length
    private readonly ClusterReadings readings;

    public DeepClusterV2(Backbone backbone, DeepClusterV2Options options) : base(backbone)
    {
        this.options = options;
        Views = ViewPlan.TwoCrops(options.Augmentation);
        projector = Add("projector", new Mlp(backbone.Dim, Heads.Blocks(options.Projector, Norm.Batch, Norm.None, bias: true)));
        prototypes = [.. options.Prototypes.Select((count, head) =>
            AddBuffer(string.Create(CultureInfo.InvariantCulture, $"prototypes{head}"), new Shape(count, projector.Output)))];
        readings = new ClusterReadings(AddBuffer("clusters", new Shape(ClusterReadings.Count), -1));
        Stage = new ClusterPass(prototypes, readings, Embed, options.KMeansIterations, options.Every);
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "deepcluster-v2",
            "predictive",
            ["image"],
            "Caron, Misra, Mairal, Goyal, Bojanowski and Joulin: Unsupervised Learning of Visual Features by Contrasting Cluster Assignments, arXiv:2006.09882",
            2020,
            "Predict the clusters that the encoder's own features fall into, clustered anew every epoch"),
        new DeepClusterV2Options(),
        DeepClusterV2Options.Table.As<MethodOptions>(),
        (backbone, options) => new DeepClusterV2(backbone, (DeepClusterV2Options)options))
    {
        // solo-learn's for CIFAR-10: LARS at 0.6 for 256, 11 of 1000 epochs of warm-up.
        Setup = new MethodSetup
        {
            Optimizer = new OptimizerOptions { Name = "lars", Lr = 0.6, WeightDecay = 1e-6, TrustCoefficient = 0.02, ClipTrust = true },
            ReferenceBatch = 256,
            Schedule = new ScheduleOptions { Warmup = 0.011, End = 0.001 },
        },
    };

    public override ViewPlan Views { get; }

    public override Stage Stage { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        int[][] targets = ClusterReadings.Targets(batch, prototypes.Length);    // [heads][2N], -1 where a picture has none
        Tensor z = Embed(batch.Views);                                          // [2N, D]
        Tensor loss = PrototypePrediction.Loss(z, prototypes, targets, options.Temperature, out double accuracy);
        diagnostics.Report("accuracy", accuracy);
        diagnostics.Embedding(z);
        readings.Report(diagnostics);
        return loss;
    }

    public override double? ChanceLoss(int batchSize) => options.Prototypes.Average(count => Math.Log(count));

    /// <summary>[N, H, W, 3] to [N, D], of unit length.</summary>
    private Tensor Embed(Tensor pictures) => Ops.L2Normalize(projector.Forward(Backbone.Forward(pictures)));
}
