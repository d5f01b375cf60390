namespace Tacit.Methods;

/// <summary>What every pretext task asks of the data.</summary>
internal static class PretextFit
{
    /// <exception cref="ConfigurationException">A batch of one picture.</exception>
    public static T WithEnough<T>(this T options, DataFit fit)
        where T : MethodOptions =>
        fit.BatchSize >= 2
            ? options
            : throw DataFit.Refusal("train.batch-size", "batch norm cannot learn from the statistics of 1 picture; give at least 2");
}
