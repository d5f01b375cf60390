using Tacit.Evaluation;

namespace Tacit.Tests.Evaluation;

public sealed class LbfgsTests
{
    [Fact]
    public void Finds_the_bottom_of_Rosenbrocks_valley()
    {
        double[] x = [-1.2, 1];
        (double value, int iterations) = Lbfgs.Minimise(Rosenbrock, x, 200, 1e-9);

        Assert.Equal(1, x[0], 1e-7);
        Assert.Equal(1, x[1], 1e-7);
        Assert.Equal(0, value, 1e-12);
        Assert.InRange(iterations, 10, 60);     // steepest descent needs thousands
    }

    [Fact]
    public void Solves_an_ill_conditioned_quadratic()
    {
        // f = 1/2 sum a_i (x_i - i)^2 with a_i from 1 to 100
        double[] x = new double[40];
        double Quadratic(ReadOnlySpan<double> at, Span<double> gradient)
        {
            double sum = 0;
            for (int i = 0; i < at.Length; i++)
            {
                double a = Math.Pow(10, 2.0 * i / (at.Length - 1));
                gradient[i] = a * (at[i] - i);
                sum += gradient[i] * (at[i] - i) / 2;
            }

            return sum;
        }

        Lbfgs.Minimise(Quadratic, x, 150, 1e-8);

        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(i, x[i], 1e-6);
        }
    }

    [Fact]
    public void Stops_at_once_where_the_gradient_is_already_nothing()
    {
        double[] x = [1, 1];
        Assert.Equal((0.0, 0), Lbfgs.Minimise(Rosenbrock, x));
    }

    [Fact]
    public void Backs_out_of_a_region_without_a_value()
    {
        // -log(x) + x has its minimum, 1, at x = 1 and no value below 0.
        double[] x = [0.001];
        static double Barrier(ReadOnlySpan<double> at, Span<double> gradient)
        {
            gradient[0] = 1 - (1 / at[0]);
            return at[0] - Math.Log(at[0]);
        }

        (double value, _) = Lbfgs.Minimise(Barrier, x, 100, 1e-9);

        Assert.Equal(1, x[0], 1e-6);
        Assert.Equal(1, value, 1e-9);
    }

    private static double Rosenbrock(ReadOnlySpan<double> x, Span<double> gradient)
    {
        double valley = x[1] - (x[0] * x[0]), rest = 1 - x[0];
        gradient[0] = (-400 * x[0] * valley) - (2 * rest);
        gradient[1] = 200 * valley;
        return (100 * valley * valley) + (rest * rest);
    }
}
