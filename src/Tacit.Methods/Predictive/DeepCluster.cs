using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// DeepCluster: cluster the pictures by the encoder's whitened features, learn to name each one's cluster with a classifier
/// begun afresh, and again every epoch.
/// </summary>
/// <remarks>
/// Caron, Bojanowski, Joulin and Douze 2018, arXiv:1807.05520. Where the paper draws pictures evenly over clusters, so that a
/// few large ones cannot swallow the rest, each counts here by the inverse of its cluster's size, which the paper calls
/// equivalent (section 3.3). The Sobel filter before the encoder is left out.
/// </remarks>
public sealed class DeepCluster : Method
{
    private readonly Linear head;
    private readonly Tensor weights;        // [K], what a picture of each cluster counts; mean 1 over the data
    private readonly ClusterReadings readings;

    public DeepCluster(Backbone backbone, DeepClusterOptions options) : base(backbone)
    {
        Views = ViewPlan.Crop(options.Augmentation);
        head = Add("head", new Linear(backbone.Dim, options.Clusters, weightInitializer: Initializers.Normal(FeatureClusterPass.HeadDeviation), biasInitializer: Initializers.Zeros));
        weights = AddBuffer("weights", new Shape(options.Clusters), 1);
        readings = new ClusterReadings(AddBuffer("clusters", new Shape(ClusterReadings.Count), -1));
        Stage = new FeatureClusterPass(backbone, head, weights, readings, options);
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "deepcluster",
            "predictive",
            ["image"],
            "Caron, Bojanowski, Joulin and Douze: Deep Clustering for Unsupervised Learning of Visual Features, arXiv:1807.05520",
            2018,
            "Name the clusters that the encoder's own features fall into, with a new classifier every epoch"),
        new DeepClusterOptions(),
        DeepClusterOptions.Table.As<MethodOptions>(),
        (backbone, options) => new DeepCluster(backbone, (DeepClusterOptions)options))
    {
        // The paper's.
        Setup = new MethodSetup { Optimizer = new OptimizerOptions { Lr = 0.05, WeightDecay = 1e-5 }, ReferenceBatch = 256 },
    };

    public override ViewPlan Views { get; }

    public override Stage Stage { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        int[] targets = ClusterReadings.Targets(batch, heads: 1)[0];                // [N], -1 where a picture has none
        Tensor logits = head.Forward(Backbone.Forward(batch.Views));                // [N, K]
        diagnostics.Report("accuracy", ClassReport.Accuracy(logits, targets));
        readings.Report(diagnostics);
        Tensor weighted = Tensor.Zeros(logits.Shape);
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] != PrototypePrediction.None)
            {
                weighted[i, targets[i]] = weights[targets[i]];
            }
        }

        return WeightedEntropy.Loss(logits, weighted);
    }

    public override double? ChanceLoss(int batchSize) => Math.Log(head.Output);
}
