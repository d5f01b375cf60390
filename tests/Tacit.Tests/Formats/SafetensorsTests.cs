using System.Buffers.Binary;
using System.Text;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Formats;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_every_stored_type_as_Python_wrote_it()
    {
        SafetensorsContent content = Oracle.Read("formats.safetensors");

        float[] values = [0, 1, -2.5f, 0.1f, 100, -0.001f];
        float[] whole = [0, -1, -2, -100, -7, -127];
        Assert.Equal(values, content.Tensors["double"].ToArray());
        Assert.Equal(values, content.Tensors["single"].ToArray());
        Assert.Equal(values.Select(v => (float)(Half)v), content.Tensors["half"].ToArray());
        Assert.Equal(content.Tensors["bfloat.expected"].ToArray(), content.Tensors["bfloat"].ToArray());
        Assert.Equal(whole, content.Tensors["long"].ToArray());
        Assert.Equal(whole, content.Tensors["int"].ToArray());
        Assert.Equal(whole, content.Tensors["short"].ToArray());
        Assert.Equal([0, 1, 2, 100, 7, 127], content.Tensors["byte"].ToArray());
        Assert.Equal([0, 0, 1, 1, 1, 1], content.Tensors["flag"].ToArray());
        Assert.Equal(new Shape(), content.Tensors["scalar"].Shape);
        Assert.Equal(3.5f, content.Tensors["scalar"].ToScalar());
        Assert.Equal(new Shape(0, 4), content.Tensors["empty"].Shape);
        Assert.Equal(new Shape(2, 3), content.Tensors["half"].Shape);
        Assert.Equal("a \"b\" \\ é", content.Metadata["quote"]);
        Assert.Equal("formats", Safetensors.ReadMetadata(Oracle.Path("formats.safetensors"))["purpose"]);
    }

    [Fact]
    public void What_was_written_is_read_back()
    {
        var weight = Tensor.From([1.5f, -2, float.MinValue, float.Epsilon, float.NaN, float.PositiveInfinity], new Shape(2, 3));
        Safetensors.Write(
            folder["a.safetensors"],
            [new("layer.weight", weight), new("bn.num_batches_tracked", Tensor.Scalar(12345)), new("none", Tensor.Zeros(new Shape(0)))],
            new Dictionary<string, string> { ["z"] = "ü", ["a"] = "1\n2" });

        SafetensorsContent content = Safetensors.Read(folder["a.safetensors"]);

        Assert.Equal(weight.ToArray(), content.Tensors["layer.weight"].ToArray());
        Assert.Equal(weight.Shape, content.Tensors["layer.weight"].Shape);
        Assert.Equal(12345, content.Tensors["bn.num_batches_tracked"].ToScalar());
        Assert.Equal(0, content.Tensors["none"].Length);
        Assert.Equal(["a", "z"], content.Metadata.Keys);
        Assert.Equal("1\n2", content.Metadata["a"]);
    }

    [Fact]
    public void Bytes_are_as_the_format_lays_them_out()
    {
        Safetensors.Write(folder["a"], [new("b", Tensor.From([1, 2], new Shape(2))), new("a", Tensor.Scalar(3))], new Dictionary<string, string> { ["k"] = "v" });

        byte[] bytes = File.ReadAllBytes(folder["a"]);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        string header = Encoding.UTF8.GetString(bytes, 8, length);

        Assert.Equal(0, length % 8);
        Assert.Equal(
            """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""",
            header.TrimEnd(' '));
        Assert.Equal([0, 0, 0x40, 0x40, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40], bytes[(8 + length)..]);
    }

    [Fact]
    public void Equal_content_gives_equal_bytes_in_whatever_order_it_comes()
    {
        var a = Tensor.From([1, 2, 3], new Shape(3));
        var b = Tensor.Scalar(7);
        Safetensors.Write(folder["1"], [new("a", a), new("b", b)], new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" });
        Safetensors.Write(folder["2"], [new("b", b), new("a", a)], new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" });

        Assert.Equal(File.ReadAllBytes(folder["1"]), File.ReadAllBytes(folder["2"]));
    }

    [Fact]
    public void Counters_are_stored_as_whole_numbers_and_nothing_else_may_be()
    {
        Safetensors.Write(folder["a"], [new("bn.num_batches_tracked", Tensor.Scalar(3))]);

        Assert.Contains("\"I64\"", Encoding.UTF8.GetString(File.ReadAllBytes(folder["a"])), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Safetensors.Write(folder["a"], [new("x", Tensor.Scalar(0.5f))], int64: _ => true));
        Assert.Equal(3, Safetensors.Read(folder["a"]).Tensors["bn.num_batches_tracked"].ToScalar());
    }

    [Fact]
    public void A_name_may_occur_once() =>
        Assert.Throws<ArgumentException>(() => Safetensors.Write(folder["a"], [new("x", Tensor.Scalar(1)), new("x", Tensor.Scalar(2))]));

    [Fact]
    public void A_missing_file_is_said_to_be_missing()
    {
        var error = Assert.Throws<TacitException>(() => Safetensors.Read(folder["no/such"]));

        Assert.Equal($"There is no file {folder["no/such"]}.", error.Message);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "not a size")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "not a size")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "where its shape needs 12")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "begins and ends")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "ends early")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "follow the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "twice")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "not a string")]
    [InlineData("""{"__metadata__":[]}""", 0, "not an object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "needs a type")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "two fields")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"extra":1}}""", 4, "unknown field")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", 4, "convert it to F32")]
    [InlineData("""{"a":{"dtype":"9","shape":[1],"data_offsets":[0,4]}}""", 4, "convert it to F32")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1],"data_offsets":[0,4]}}""", 4, "axes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296,4294967296,4294967296],"data_offsets":[0,4]}}""", 4, "more numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,17179869184]}}""", 4, "more numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[536870911],"data_offsets":[0,2147483644]}}""", 4, "ends early")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x""", 4, "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", 4, "not valid JSON")]
    [InlineData("""[1]""", 0, "not JSON")]
    [InlineData("", 0, "not JSON")]
    public void A_header_that_lies_is_refused_in_one_sentence(string header, int dataLength, string because)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        File.WriteAllBytes(folder["bad"], [.. length, .. json, .. new byte[dataLength]]);

        AssertRefused(because);
    }

    [Theory]
    [InlineData(4_294_967_296UL, "claims 4294967296 bytes")]
    [InlineData(ulong.MaxValue, "claims 18446744073709551615 bytes")]
    [InlineData(99_999_999UL, "only 16 follow")]
    public void A_header_that_claims_more_than_there_is_costs_nothing(ulong claimed, string because)
    {
        byte[] file = new byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(file, claimed);
        File.WriteAllBytes(folder["bad"], file);

        AssertRefused(because);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        Safetensors.Write(folder["whole"], [new("a", Tensor.From([1, 2, 3], new Shape(3)))], new Dictionary<string, string> { ["k"] = "v" });
        byte[] whole = File.ReadAllBytes(folder["whole"]);

        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder["bad"], whole[..length]);
            AssertRefused("not a valid .safetensors file");
        }
    }

    private void AssertRefused(string because)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<TacitException>(() => Safetensors.Read(folder["bad"]));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Contains(because, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(folder["bad"], error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.True(allocated < 2_000_000, $"{allocated} bytes were allocated to refuse a small file.");
    }
}
