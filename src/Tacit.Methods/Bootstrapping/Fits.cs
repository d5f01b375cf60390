namespace Tacit.Methods;

/// <summary>What this family's methods need of the run around them.</summary>
internal static class Fits
{
    /// <summary>Refuses a batch of one.</summary>
    /// <param name="why">What one picture is too few for.</param>
    /// <exception cref="ConfigurationException">It is one.</exception>
    public static void RefuseOne(DataFit fit, string why)
    {
        if (fit.BatchSize < 2)
        {
            throw DataFit.Refusal("train.batch-size", $"{why}; give at least 2");
        }
    }
}
