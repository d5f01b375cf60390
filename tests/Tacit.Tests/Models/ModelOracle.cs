using System.Text;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models;

/// <summary>Weights and checks that tests/oracle/make_models.py has too.</summary>
internal static class ModelOracle
{
    public static OrderedDictionary<string, Tensor> Read() => Oracle.Read("models.safetensors").Tensors;

    /// <summary>As <c>fill</c> of the script.</summary>
    public static void Fill(Module module)
    {
        int salt = 0;
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, parameter) in module.NamedParameters())
        {
            double scale = parameter.Rank is 2 or 4 ? 1.5 / Math.Sqrt(Initializers.FanIn(parameter.Shape)) : 0.2;
            double shift = parameter.Rank == 1 && name.Contains("ln", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0;
            state.Add(name, Tensor.From([.. Hashed.Doubles(parameter.Length, salt++).Select(v => (float)((scale * v) + shift))], parameter.Shape));
        }

        module.Load(state, strict: false);
    }

    public static Tensor Numbers(Shape shape, int salt) => Tensor.From(Hashed.Singles(shape.Length, salt), shape);

    /// <summary>Σ y · c with c from salt 1001: what the script differentiates.</summary>
    public static Tensor Loss(Tensor y) => Ops.Sum(Ops.Multiply(y, Numbers(y.Shape, 1001)));

    /// <summary>One row a parameter: norm, then five entries.</summary>
    public static void AssertGradients(Tensor expected, Module module, double tolerance = 1e-5)
    {
        int row = 0;
        foreach (var (name, parameter) in module.NamedParameters())
        {
            Span<float> gradient = parameter.GradientSpan;
            double norm = 0;
            foreach (float value in gradient)
            {
                norm += (double)value * value;
            }

            ReadOnlySpan<float> given = expected.Span.Slice(6 * row++, 6);
            int length = gradient.Length;
            float[] actual = [(float)Math.Sqrt(norm), .. Enumerable.Range(0, 5).Select(i => parameter.GradientSpan[(int)((long)i * length / 5)])];
            Oracle.AssertClose(given, actual, tolerance, name);
        }

        Assert.Equal(expected.Shape[0], row);
    }

    /// <summary>The lines that the script stored as bytes.</summary>
    public static string[] Lines(string name) => Encoding.UTF8.GetString(Array.ConvertAll(Read()[name].ToArray(), v => (byte)v)).Split('\n');
}
