using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>Finds the best of a few learning rates, once: what was found is kept beside the states.</summary>
/// <remarks>The benchmark's rule: the learning rate is the one thing that is chosen, on the development part (Yang et al. 2021, arXiv:2105.01051, section 3).</remarks>
internal static class RateSearch
{
    /// <summary>Moves on when heads or their training change, so that what was found for others is not used.</summary>
    private const string Version = "2";

    public static double Run(StateCache cache, SuiteOptions options, string search, IReadOnlyList<string> states, Func<double, double> trial)
    {
        if (options.Rates.Count == 1)
        {
            return options.Rates[0];
        }

        IEnumerable<string> parts = [Version, search, .. states, .. SuiteOptions.Keys.Select(k => $"{k}={options.Get(k)}")];
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..32];
        if (cache.ReadNote(key) is { } kept && double.TryParse(kept, NumberStyles.Float, CultureInfo.InvariantCulture, out double found) && options.Rates.Contains(found))
        {
            return found;
        }

        (double best, double highest) = (double.NaN, double.NegativeInfinity);
        foreach (double rate in options.Rates)
        {
            double score = Try(trial, rate);
            if (score > highest)
            {
                (best, highest) = (rate, score);
            }
        }

        if (double.IsNaN(best))
        {
            throw new TacitException($"{search}: learning failed with every rate of {string.Join(", ", options.Rates.Select(r => r.ToString("R", CultureInfo.InvariantCulture)))}; try lower ones with --set search.rates=….");
        }

        cache.WriteNote(key, best.ToString("R", CultureInfo.InvariantCulture));
        return best;
    }

    private static double Try(Func<double, double> trial, double rate)
    {
        try
        {
            return trial(rate);
        }
        catch (TacitException)
        {
            return double.NegativeInfinity;     // the loss or a gradient was not finite
        }
    }
}
