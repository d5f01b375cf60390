using System.Text;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models;

/// <summary>Weights and checks that tests/oracle/make_sequences.py has too.</summary>
internal static class SequenceOracle
{
    public static OrderedDictionary<string, Tensor> Expected { get; } = Oracle.Read("sequences.safetensors").Tensors;

    /// <summary>As <c>fill</c> of the script.</summary>
    public static void Fill(Module module)
    {
        int salt = 0;
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, parameter) in module.NamedParameters())
        {
            double scale = parameter.Rank > 1 ? 1.5 / Math.Sqrt(Initializers.FanIn(parameter.Shape)) : 0.2;
            double shift = parameter.Rank == 1 && name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0;
            state.Add(name, Tensor.From([.. Hashed.Doubles(parameter.Length, salt++).Select(v => (float)((scale * v) + shift))], parameter.Shape));
        }

        module.Load(state, strict: false);
    }

    /// <summary>Forward, gradients of the input and of every parameter, and the parameters' names and shapes.</summary>
    public static void Check(string label, Module module, Shape input, Func<Tensor, Tensor> forward, double tolerance = 1e-5)
    {
        Fill(module);
        var x = Tensor.Parameter(input);
        Hashed.Singles(x.Length, 1000).CopyTo(x.Span);
        using (Scope scope = Scope.Gradient())
        {
            Tensor y = forward(x);
            Assert.Equal(Expected[$"{label}.y"].Shape, y.Shape);
            Oracle.AssertClose(Expected[$"{label}.y"].Span, y.Span, tolerance);
            scope.Backward(ModelOracle.Loss(y));
        }

        Oracle.AssertClose(Expected[$"{label}.dx"].Span, x.GradientSpan, tolerance);
        string[] lines = Encoding.UTF8.GetString(Array.ConvertAll(Expected[$"{label}.names"].ToArray(), v => (byte)v)).Split('\n');
        Assert.Equal(lines, module.NamedParameters().Select(pair => $"{pair.Key} {string.Join('x', Enumerable.Range(0, pair.Value.Rank).Select(i => pair.Value.Shape[i]))}"));
        ModelOracle.AssertGradients(Expected[$"{label}.gradients"], module, tolerance);
    }
}
