using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class NtXentTests
{
    private static readonly SafetensorsContent Vectors = Oracle.Read("methods.safetensors");

    public static TheoryData<string, float> Cases
    {
        get
        {
            var cases = new TheoryData<string, float>();
            foreach (string size in new[] { "1.1", "1.16", "2.2", "4.64", "8.5", "9.33", "25.17" })
            {
                foreach (string t in new[] { "0.1", "1.0", "10.0", "-1.0" })
                {
                    cases.Add($"nt_xent.{size}.{t}", float.Parse(t, System.Globalization.CultureInfo.InvariantCulture));
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void LossAndGradientAreThoseOfTheDoubleLoop(string key, float temperature)
    {
        Tensor z = LossRun.Parameter(Vectors.Tensors[$"{key}.z"]);
        float loss = LossRun.Of(() => NtXent.Loss(z, temperature));
        Assert.Equal(Vectors.Tensors[$"{key}.loss"].ToScalar(), loss, 1e-5f);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.gradient"].Span, z.GradientSpan, 2e-6);
    }

    [Theory]
    [InlineData(0.5f, 3.461877)]
    [InlineData(0.1f, 13.450248)]
    public void SinesAndCosinesGiveTheReferenceValue(float temperature, double expected)
    {
        (Tensor x, Tensor y) = LossRun.SinesAndCosines();
        using Scope scope = Scope.NoGradient();
        Assert.Equal(expected, NtXent.Loss(Ops.Concat(0, x, y), temperature).ToScalar(), 2e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void RowsAllAlikeGiveTheLogarithmOfTheirNumberLessOne(int pairs)
    {
        Tensor z = Tensor.Lasting(new Shape(2 * pairs, 5));
        for (int i = 0; i < z.Length; i++)
        {
            z.Span[i] = (i % 5) + 1;
        }

        using Scope scope = Scope.NoGradient();
        Assert.Equal(Math.Log((2 * pairs) - 1), NtXent.Loss(z, 0.3f).ToScalar(), 1e-5);
        Assert.Equal(Math.Log((2 * pairs) - 1), NtXent.Chance(pairs), 1e-12);
    }

    [Fact]
    public void OrderOfTheViewsDoesNotMatter()
    {
        Tensor ab = LossRun.Normal(new Shape(26, 7), 1);
        Tensor ba = Tensor.Lasting(ab.Shape);
        ab.Rows(0, 13).Span.CopyTo(ba.Rows(13, 13).Span);
        ab.Rows(13, 13).Span.CopyTo(ba.Rows(0, 13).Span);
        Assert.Equal(LossRun.Of(() => NtXent.Loss(ab, 0.5f)), LossRun.Of(() => NtXent.Loss(ba, 0.5f)), 1e-6f);
    }

    /// <summary>Reference: lightly's test of forward and backward; ten steps of plain SGD from a fixed start.</summary>
    [Fact]
    public void TenStepsOfDescentEndWhereTheReferenceEnds()
    {
        float[] expected = [0.1675f, 0.2676f, 0.3678f, 0.4679f, 0.5680f, 0.5763f, 0.6742f, 0.7721f, 0.8700f, 0.9679f];
        Oracle.AssertWithin(expected, LossRun.Descend((first, second) => NtXent.Loss(Ops.Concat(0, first, second), 0.5f), 0.1f).Span, 1e-4);
    }

    /// <summary>Several chunks of rows (2N² above a chunk's memory) against the mathematics in double.</summary>
    [Fact]
    public void ManyRowsInSeveralChunksGiveTheLossAndGradientOfDoubles()
    {
        const int Rows = 1302, Width = 9;
        const float Temperature = 0.2f;
        Tensor z = LossRun.Parameter(LossRun.Normal(new Shape(Rows, Width), 3));
        float loss = LossRun.Of(() => NtXent.Loss(z, Temperature));
        (double expected, double[] gradient) = InDouble(z, Temperature);
        Assert.Equal(expected, loss, 1e-5 * expected);
        double largest = gradient.Max(Math.Abs);
        for (int i = 0; i < gradient.Length; i++)
        {
            Assert.Equal(gradient[i], z.GradientSpan[i], 2e-5 * largest);
        }
    }

    [Fact]
    public void GradientIsTheSlopeOfTheLoss()
    {
        Tensor z = LossRun.Parameter(LossRun.Normal(new Shape(6, 4), 5));
        LossRun.Of(() => NtXent.Loss(z, 0.5f));
        float[] gradient = z.GradientSpan.ToArray();
        const double Step = 1e-5;
        for (int i = 0; i < z.Length; i++)
        {
            double up = InDouble(z, 0.5f, i, Step).Loss, down = InDouble(z, 0.5f, i, -Step).Loss;
            Assert.Equal((up - down) / (2 * Step), gradient[i], 1e-5);
        }
    }

    [Fact]
    public void GradientIsAddedToWhatAnotherLossLeft()
    {
        Tensor z = LossRun.Parameter(LossRun.Normal(new Shape(10, 6), 6));
        LossRun.Of(() => NtXent.Loss(z, 0.5f));
        float[] once = z.GradientSpan.ToArray();
        z.ClearGradient();
        using (Scope scope = Scope.Gradient())
        {
            scope.Backward(Ops.Add(NtXent.Loss(z, 0.5f), NtXent.Loss(z, 0.5f)));
        }

        for (int i = 0; i < once.Length; i++)
        {
            Assert.Equal(2 * once[i], z.GradientSpan[i], 1e-6f);
        }
    }

    [Fact]
    public void StatisticsTellHowWellPairsWereFound()
    {
        // Two pairs at right angles: each row is its partner's copy.
        Tensor z = Tensor.From([1, 0, 0, 2, 3, 0, 0, 4], new Shape(4, 2));
        NtXent.Loss(z, 0.5f, out NtXentStatistics found);
        Assert.Equal(1, found.Positive, 1e-6);
        Assert.Equal(0, found.Negative, 1e-6);
        Assert.Equal(1, found.Accuracy);

        // Partners exchanged: each row's copy is another pair's.
        NtXent.Loss(Tensor.From([1, 0, 0, 2, 0, 3, 4, 0], new Shape(4, 2)), 0.5f, out found);
        Assert.Equal(0, found.Positive, 1e-6);
        Assert.Equal(0.5, found.Negative, 1e-6);
        Assert.Equal(0, found.Accuracy);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(9e-9f)]
    [InlineData(-9e-9f)]
    [InlineData(float.NaN)]
    public void ATemperatureOfNothingIsRefused(float temperature) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NtXent.Loss(Tensor.Lasting(new Shape(4, 2)), temperature));

    [Fact]
    public void RowsWithoutPartnerAreRefused()
    {
        Assert.Contains("[3, 2]", Assert.Throws<ShapeException>(() => NtXent.Loss(Tensor.Lasting(new Shape(3, 2)), 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => NtXent.Loss(Tensor.Lasting(new Shape(4)), 1));
        Assert.Throws<ShapeException>(() => NtXent.Loss(Tensor.Lasting(new Shape(0, 4)), 1));
    }

    /// <summary>2N = 8,192: the whole matrix would be 268 MB; a step may take an eighth of it, first arena slab and scratch included.</summary>
    [Fact]
    public void ALargeBatchNeedsNoSquareOfMemory()
    {
        Tensor z = LossRun.Parameter(LossRun.Normal(new Shape(8192, 8), 7));
        long before = GC.GetTotalAllocatedBytes(precise: true);
        using Scope scope = Scope.Gradient();
        Tensor loss = NtXent.Loss(z, 0.5f);
        scope.Backward(loss);
        Assert.InRange(loss.ToScalar(), 1f, (float)Math.Log(8191) + 4);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 32 << 20);
    }

    /// <summary>The loss and its gradient by their definitions, one entry of z moved by a little.</summary>
    private static (double Loss, double[] Gradient) InDouble(Tensor z, double temperature, int moved = -1, double by = 0)
    {
        int rows = z.Shape[0], width = z.Shape[1];
        var u = new double[rows, width];
        var length = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            for (int d = 0; d < width; d++)
            {
                int at = (i * width) + d;
                u[i, d] = z.Span[at] + (at == moved ? by : 0);
                length[i] += u[i, d] * u[i, d];
            }

            length[i] = Math.Sqrt(length[i]);
            for (int d = 0; d < width; d++)
            {
                u[i, d] /= length[i];
            }
        }

        double loss = 0;
        var du = new double[rows, width];
        var s = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            int partner = (i + (rows / 2)) % rows;
            double sum = 0;
            for (int j = 0; j < rows; j++)
            {
                s[j] = 0;
                for (int d = 0; d < width; d++)
                {
                    s[j] += u[i, d] * u[j, d] / temperature;
                }

                sum += j == i ? 0 : Math.Exp(s[j]);
            }

            loss += Math.Log(sum) - s[partner];
            for (int j = 0; j < rows; j++)
            {
                double weight = ((j == i ? 0 : Math.Exp(s[j]) / sum) - (j == partner ? 1 : 0)) / (temperature * rows);
                for (int d = 0; d < width; d++)
                {
                    du[i, d] += weight * u[j, d];
                    du[j, d] += weight * u[i, d];
                }
            }
        }

        // Through the normalisation: dz = (du - u (u · du)) / ‖z‖.
        var dz = new double[rows * width];
        for (int i = 0; i < rows; i++)
        {
            double along = 0;
            for (int d = 0; d < width; d++)
            {
                along += u[i, d] * du[i, d];
            }

            for (int d = 0; d < width; d++)
            {
                dz[(i * width) + d] = (du[i, d] - (u[i, d] * along)) / length[i];
            }
        }

        return (loss / rows, dz);
    }
}
