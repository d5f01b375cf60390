using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class ColourGuardTests
{
    [Fact]
    public void DroppingLeavesOneChannelAndProjectingTakesGreenAgainstMagentaOut()
    {
        float[] values = Hashed.Singles(40 * 8 * 8 * 3, 31);
        Tensor dropped = Tensor.From(values, new Shape(40, 8, 8, 3)), projected = Tensor.From(values, new Shape(40, 8, 8, 3)), plain = Tensor.From(values, new Shape(40, 8, 8, 3));

        ColourGuards.Apply(dropped, ColourGuard.Drop, 1, 2, 3);
        ColourGuards.Apply(projected, ColourGuard.Project, 1, 2, 3);
        ColourGuards.Apply(plain, ColourGuard.None, 1, 2, 3);

        Assert.Equal(values, plain.ToArray());
        var kept = new HashSet<int>();
        for (int patch = 0; patch < 40; patch++)
        {
            int[] same = [.. Enumerable.Range(0, 3).Where(c => Enumerable.Range(0, 64).All(i => dropped.Span[At(i, c)] == values[At(i, c)]))];
            kept.Add(Assert.Single(same));
            Assert.All(Enumerable.Range(0, 64 * 3).Where(i => i % 3 != same[0]), i => Assert.InRange(dropped.Span[(patch * 192) + i], -0.05f, 0.05f));

            int At(int pixel, int channel) => (patch * 192) + (3 * pixel) + channel;
        }

        Assert.Equal(3, kept.Count);
        for (int i = 0; i < values.Length; i += 3)
        {
            Span<float> pixel = projected.Span.Slice(i, 3);
            Assert.Equal(0, (2 * pixel[1]) - pixel[0] - pixel[2], 1e-6);
            Assert.Equal(values[i] + values[i + 1] + values[i + 2], pixel[0] + pixel[1] + pixel[2], 1e-5);      // grey stays
            Assert.Equal(values[i] - values[i + 2], pixel[0] - pixel[2], 1e-5);                                 // so does red against blue
        }
    }
}
