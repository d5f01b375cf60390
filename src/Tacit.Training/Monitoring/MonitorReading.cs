namespace Tacit.Training;

/// <summary>What the representation looked like at one step, on a fixed subset of the training data in evaluation mode.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Deviation">Standard deviation of L2-normalised features, mean over dimensions, times √D: 1 for an even spread, 0 when all pictures fall on one point.</param>
/// <param name="RankMe">Effective rank of the features (Garrido et al. 2023), 1 to the representation's width.</param>
/// <param name="Alignment">Mean squared distance of two views of one picture (Wang and Isola 2020): lower is better.</param>
/// <param name="Uniformity">log E exp(−2‖x−y‖²) over different pictures: lower is better, 0 is collapse.</param>
/// <param name="Knn">Accuracy of the online kNN on held-out training pictures, a fraction; null without labels.</param>
/// <param name="Width">Dimensions of the representation.</param>
/// <param name="Loss">Mean training loss since the last reading; null before the first step.</param>
public sealed record MonitorReading(long Step, double Deviation, double RankMe, double Alignment, double Uniformity, double? Knn, int Width, double? Loss);
