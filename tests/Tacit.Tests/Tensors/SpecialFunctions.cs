namespace Tacit.Tests.Tensors;

/// <summary>The error function and its complement in double precision, which the framework lacks.</summary>
internal static class SpecialFunctions
{
    /// <summary>The Taylor series about 0 for small arguments, Lentz's continued fraction for large ones: about 1e-15.</summary>
    public static double Erfc(double x)
    {
        if (x < 0)
        {
            return 2 - Erfc(-x);
        }

        if (x < 2.5)
        {
            return 1 - Series(x);
        }

        double fraction = 0;
        for (int k = 120; k >= 1; k--)
        {
            fraction = k / 2.0 / (x + fraction);
        }

        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * (x + fraction));
    }

    public static double Erf(double x) => Math.Abs(x) < 2.5 ? Series(x) : x < 0 ? Erfc(-x) - 1 : 1 - Erfc(x);

    private static double Series(double x)
    {
        double term = x, sum = x;
        for (int n = 1; n < 200 && Math.Abs(term) > 1e-18 * Math.Abs(x); n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
