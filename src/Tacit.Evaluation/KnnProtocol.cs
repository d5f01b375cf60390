using Tacit.Methods;
using Tacit.Nn;

namespace Tacit.Evaluation;

/// <summary>Weighted nearest neighbours by cosine similarity: each of the k nearest votes with exp(similarity / T).</summary>
/// <remarks>
/// Wu et al. 2018, arXiv:1805.01978, with the k = 200 and T = 0.1 of most published tables. Where classes are small, k is half
/// of their mean size, so that the right class can win the vote.
/// </remarks>
/// <param name="k">Neighbours; null for the rule above.</param>
/// <param name="temperature">T.</param>
public sealed class KnnProtocol(int? k = null, float temperature = 0.1f) : Protocol
{
    public const int UsualK = 200;

    private int used;

    public override string Name => "knn";

    public override string Detail => $"k = {used}, T = {temperature}";

    /// <summary>How many neighbours vote in a training set of this size.</summary>
    public static int Neighbours(int items, int classes) => Math.Clamp(items / (2 * Math.Max(1, classes)), 1, UsualK);

    public override int[] Predict(FeatureTable train, FeatureTable test)
    {
        if (train.Parts > 1)
        {
            throw new ConfigurationException("--features weighted: neighbours cannot weigh layers; take the linear protocol.");
        }

        used = k ?? Neighbours(train.Count, train.Labels.Distinct().Count());
        return new Knn(train.Values, train.Labels, used, temperature).Predict(test.Values);
    }
}
