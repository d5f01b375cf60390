using System.Globalization;
using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class DinoLossTests
{
    private static readonly SafetensorsContent Reference = Oracle.Read("bootstrapping.safetensors");

    public static TheoryData<int, int, int, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, string, string>();
            foreach (int items in new[] { 1, 3 })
            {
                foreach (var (teachers, students) in new[] { (1, 2), (2, 2), (2, 5) })
                {
                    cases.Add(items, teachers, students, "0.1", "0.04");
                    cases.Add(items, teachers, students, "0.2", "0.07");
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void LossAndGradientAreThoseOfTheLoopOverViews(int items, int teachers, int students, string studentTemperature, string teacherTemperature)
    {
        string key = $"dino.{items}.{teachers}.{students}.{studentTemperature}.{teacherTemperature}";
        Tensor student = LossRun.Parameter(Reference.Tensors[$"{key}.student"]), teacher = LossRun.Parameter(Reference.Tensors[$"{key}.teacher"]);
        using Scope scope = Scope.Gradient();
        Tensor loss = DinoLoss.Loss(
            student,
            teacher,
            items,
            Reference.Tensors[$"{key}.centre"],
            float.Parse(studentTemperature, CultureInfo.InvariantCulture),
            float.Parse(teacherTemperature, CultureInfo.InvariantCulture),
            out DinoStatistics found);
        scope.Backward(loss);
        float expected = Reference.Tensors[$"{key}.loss"].ToScalar(), entropy = Reference.Tensors[$"{key}.entropy"].ToScalar();
        Assert.Equal(expected, loss.ToScalar(), 1e-5f * Math.Max(1, expected));
        Oracle.AssertClose(Reference.Tensors[$"{key}.student.gradient"].Span, student.GradientSpan, 1e-5);
        Assert.False(teacher.HasGradient);
        Assert.Equal(entropy, found.TeacherEntropy, 1e-5);
        Assert.Equal(expected - entropy, found.KlDivergence, 2e-5 * Math.Max(1, expected));
    }

    /// <summary>DINOv2's test: its sum over 2 × 2 pairs is four times the mean, all pairs there being alike.</summary>
    [Fact]
    public void TheMeanIsAQuarterOfTheSumOfFourPairs()
    {
        Tensor teacher = Tensor.From([0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f], new Shape(3, 2));
        float[] view = [0.7f, 0.8f, 0.9f, 1, 1.1f, 1.2f];
        Tensor student = Tensor.From([.. view, .. view], new Shape(6, 2));
        Tensor loss = DinoLoss.Loss(student, teacher, 3, Tensor.Lasting(new Shape(2)), 0.1f, 0.04f, out _);
        Assert.Equal(1.5565, 4 * loss.ToScalar(), 2e-4);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(4096)]
    public void LogitsAllAlikeGiveTheLogarithmOfTheirNumber(int width)
    {
        Tensor student = Tensor.Full(new Shape(6, width), 0.3f), teacher = Tensor.Full(new Shape(4, width), -1.5f);
        Tensor loss = DinoLoss.Loss(student, teacher, 2, Tensor.Lasting(new Shape(width)), 0.1f, 0.04f, out DinoStatistics found);
        Assert.Equal(Math.Log(width), loss.ToScalar(), 1e-5 * Math.Log(width));
        Assert.Equal(Math.Log(width), found.TeacherEntropy, 1e-5 * Math.Log(width));
        Assert.Equal(0, found.KlDivergence, 1e-5);
    }

    [Fact]
    public void ASingleViewOnBothSidesIsNoPair()
    {
        Tensor logits = Tensor.Lasting(new Shape(3, 2));
        var error = Assert.Throws<ArgumentException>(() => DinoLoss.Loss(logits, logits, 3, Tensor.Lasting(new Shape(2)), 0.1f, 0.04f, out _));
        Assert.Contains("no pair", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0f, 0.04f)]
    [InlineData(0.1f, 0f)]
    [InlineData(0.1f, -0.04f)]
    [InlineData(float.NaN, 0.04f)]
    public void ATemperatureOfNothingIsRefused(float student, float teacher) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            DinoLoss.Loss(Tensor.Lasting(new Shape(4, 2)), Tensor.Lasting(new Shape(4, 2)), 2, Tensor.Lasting(new Shape(2)), student, teacher, out _));

    [Theory]
    [InlineData(4, 6, 2)]
    [InlineData(5, 4, 2)]
    [InlineData(4, 1, 2)]
    [InlineData(4, 4, 0)]
    public void RowsThatAreNoWholeViewsAreRefused(int student, int teacher, int items) =>
        Assert.Throws<ShapeException>(() =>
            DinoLoss.Loss(Tensor.Lasting(new Shape(student, 2)), Tensor.Lasting(new Shape(teacher, 2)), items, Tensor.Lasting(new Shape(2)), 0.1f, 0.04f, out _));
}
