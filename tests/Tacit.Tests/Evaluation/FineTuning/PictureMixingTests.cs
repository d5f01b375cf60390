using Tacit.Evaluation;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation.FineTuning;

public sealed class PictureMixingTests
{
    /// <summary>Two pictures of 4 × 5 with 2 channels: one of 1, one of 3.</summary>
    private static Tensor Pair()
    {
        Tensor pictures = Tensor.Lasting(new Shape(2, 4, 5, 2));
        pictures.Rows(0, 1).Span.Fill(1);
        pictures.Rows(1, 1).Span.Fill(3);
        return pictures;
    }

    [Fact]
    public void Mixup_is_a_weighted_mean_with_the_partner()
    {
        Tensor mixed = PictureMixing.Mixup(Pair(), [1, 0], 0.75f);

        Assert.All(mixed.Rows(0, 1).Span.ToArray(), v => Assert.Equal(1.5f, v));        // 0.75 · 1 + 0.25 · 3
        Assert.All(mixed.Rows(1, 1).Span.ToArray(), v => Assert.Equal(2.5f, v));
    }

    [Fact]
    public void Cutmix_takes_the_box_from_the_partner_and_the_rest_from_itself()
    {
        (Tensor mixed, float share) = PictureMixing.Cutmix(Pair(), [1, 0], (1, 2, 2, 3));

        Assert.Equal(1 - (6f / 20), share);
        for (int row = 0; row < 4; row++)
        {
            for (int column = 0; column < 5; column++)
            {
                bool inside = row is 1 or 2 && column >= 2;
                Assert.Equal(inside ? 3 : 1, mixed[0, row, column, 0]);
                Assert.Equal(inside ? 1 : 3, mixed[1, row, column, 1]);
            }
        }
    }

    [Fact]
    public void The_label_weighs_just_what_is_seen_of_a_picture()
    {
        var random = new RandomSequence(5, 6, 7);
        for (int i = 0; i < 500; i++)
        {
            (int top, int left, int rows, int columns) = PictureMixing.Box(4, 5, random.NextUniform(), ref random);
            Assert.True(top >= 0 && left >= 0 && rows >= 0 && columns >= 0 && top + rows <= 4 && left + columns <= 5);
            (Tensor mixed, float share) = PictureMixing.Cutmix(Pair(), [1, 0], (top, left, rows, columns));
            Assert.Equal(mixed.Rows(0, 1).Span.ToArray().Count(v => v == 1) / 40f, share, 1e-6f);
        }
    }

    [Fact]
    public void Labels_are_shares_that_add_up_to_one()
    {
        Tensor targets = PictureMixing.Targets([0, 2, 2], 3, [1, 0, 1], 0.7f);

        Assert.Equal([0.7f, 0, 0.3f], targets.Rows(0, 1).Span.ToArray(), Near);
        Assert.Equal([0.3f, 0, 0.7f], targets.Rows(1, 1).Span.ToArray(), Near);
        Assert.Equal([0, 0, 1], targets.Rows(2, 1).Span.ToArray(), Near);      // with one of its own class, or itself
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(4)]
    public void Beta_has_its_mean_and_variance(double alpha)
    {
        var random = new RandomSequence(1, 2, 3);
        double[] drawn = [.. Enumerable.Range(0, 20_000).Select(_ => (double)PictureMixing.Beta(alpha, ref random))];
        double mean = drawn.Average(), variance = drawn.Average(x => (x - mean) * (x - mean));

        Assert.All(drawn, x => Assert.InRange(x, 0, 1));
        Assert.Equal(0.5, mean, 0.01);
        Assert.Equal(1 / (4 * ((2 * alpha) + 1)), variance, 0.005);        // αβ / ((α + β)² (α + β + 1))
    }

    [Fact]
    public void Smoothed_mixed_labels_give_PyTorchs_loss()
    {
        // torch.nn.functional.cross_entropy(logits, targets, label_smoothing=0.1) of these numbers: see tests/oracle/make_finetune.py.
        Tensor logits = Tensor.Lasting(new Shape(2, 3));
        new float[] { 1, -0.5f, 2, 0.25f, 0, -1.5f }.CopyTo(logits.Span);

        Assert.Equal(SmoothedHard, Ops.CrossEntropy(logits, [2, 0], 0.1f).ToScalar(), 1e-6f);
        Assert.Equal(SmoothedMixed, Ops.CrossEntropy(logits, PictureMixing.Targets([2, 0], 3, [1, 0], 0.6f), 0.1f).ToScalar(), 1e-6f);
    }

    private const float SmoothedHard = 0.612010657787323f, SmoothedMixed = 1.1070107221603394f;

    private static bool Near(float a, float b) => Math.Abs(a - b) < 1e-6f;
}
