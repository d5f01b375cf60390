using System.Text;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Formats;

public sealed class NpyTests : IDisposable
{
    private static readonly float[] Values = [0, 1, -2.5f, 0.1f, 100, -0.001f];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("float32.npy")]
    [InlineData("float64.npy")]
    [InlineData("version2.npy")]
    public void Reads_what_NumPy_wrote(string name)
    {
        var tensor = Npy.Read(Oracle.Path(name));

        Assert.Equal(new Shape(2, 3), tensor.Shape);
        Assert.Equal(Values, tensor.ToArray());
    }

    [Fact]
    public void Reads_whole_numbers() => Assert.Equal([0, -1, -2, -100, -7, -127], Npy.Read(Oracle.Path("int64.npy")).ToArray());

    [Fact]
    public void Writes_the_bytes_that_NumPy_writes()
    {
        Npy.Write(folder["f"], Tensor.From(Values, new Shape(2, 3)));
        Npy.Write(folder["i"], new long[] { 0, -1, -2, -100, -7, -127 }, new Shape(2, 3));

        Assert.Equal(File.ReadAllBytes(Oracle.Path("float32.npy")), File.ReadAllBytes(folder["f"]));
        Assert.Equal(File.ReadAllBytes(Oracle.Path("int64.npy")), File.ReadAllBytes(folder["i"]));
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 5 })]
    [InlineData(new[] { 0, 3 })]
    [InlineData(new[] { 1, 2, 3, 4, 5 })]
    public void Every_shape_comes_back(int[] dims)
    {
        var shape = new Shape(dims);
        Npy.Write(folder["a"], Tensor.From(Enumerable.Range(0, shape.Length).Select(i => i * 0.5f).ToArray(), shape));

        Tensor read = Npy.Read(folder["a"]);

        Assert.Equal(shape, read.Shape);
        Assert.Equal(Enumerable.Range(0, shape.Length).Select(i => i * 0.5f), read.ToArray());
    }

    [Fact]
    public void Fortran_order_is_refused_with_the_remedy()
    {
        var error = Assert.Throws<TacitException>(() => Npy.Read(Oracle.Path("fortran.npy")));

        Assert.Contains("numpy.ascontiguousarray", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "'>f4'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999), }", "more numbers")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "more numbers")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "not that of an array")]
    [InlineData("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }", "not that of an array")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "8 bytes of numbers are announced and 4 are there")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1), }", "6 axes")]
    [InlineData("", "not that of an array")]
    public void A_header_that_lies_is_refused(string header, string because)
    {
        byte[] text = Encoding.ASCII.GetBytes(header + "\n");
        File.WriteAllBytes(folder["bad"], [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. new byte[4]]);

        var error = Assert.Throws<TacitException>(() => Npy.Read(folder["bad"]));

        Assert.Contains(because, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] whole = File.ReadAllBytes(Oracle.Path("version2.npy"));
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder["bad"], whole[..length]);
            Assert.Throws<TacitException>(() => Npy.Read(folder["bad"]));
        }
    }
}
