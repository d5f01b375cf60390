using Tacit.Data.Features;
using Xunit;

namespace Tacit.Tests.Data.Features;

public sealed class FftTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(14)]
    [InlineData(30)]
    [InlineData(64)]
    [InlineData(400)]
    [InlineData(512)]
    [InlineData(1260)]
    public void Transforms_as_numpy_in_double_and_back(int size)
    {
        float[] signal = Reference.Get("fft.input")[..size];
        float[] spectrum = new float[size + 2], back = new float[size];
        var fft = new Fft(size);

        fft.Forward(signal, spectrum);
        fft.Inverse(spectrum, back);

        Oracle.AssertClose(Reference.Get($"fft.{size}"), spectrum, 5e-7);
        Oracle.AssertWithin(signal, back, 2e-6);
    }

    [Fact]
    public void A_cosine_is_one_line()
    {
        float[] signal = [.. Enumerable.Range(0, 400).Select(t => (float)Math.Cos(2 * Math.PI * 20 * t / 400))];
        float[] spectrum = new float[402];

        new Fft(400).Forward(signal, spectrum);

        float[] expected = new float[402];
        expected[40] = 200;
        Oracle.AssertWithin(expected, spectrum, 1e-4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(401)]
    [InlineData(-4)]
    public void An_odd_size_is_refused(int size) => Assert.Throws<TacitException>(() => new Fft(size));
}
