using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Tacit.Tensors;

/// <summary>NumPy's .npy files: one array each. Written as version 1.0; versions 1 to 3 are read.</summary>
public static partial class Npy
{
    private const int MaxHeader = 1 << 20;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Writes float32, row-major.</summary>
    public static void Write(string path, Tensor tensor) => AtomicFile.Write(path, stream =>
    {
        WriteHeader(stream, "<f4", tensor.Shape);
        StoredTypes.WriteSingles(stream, tensor.Span);
    });

    /// <summary>Writes int64, row-major.</summary>
    public static void Write(string path, ReadOnlyMemory<long> values, Shape shape)
    {
        if (values.Length != shape.Length)
        {
            throw ShapeException.Unfit("Npy.Write", shape, $"{values.Length} values were given for {shape.Length} places");
        }

        AtomicFile.Write(path, stream =>
        {
            WriteHeader(stream, "<i8", shape);
            StoredTypes.WriteInt64s(stream, values.Span);
        });
    }

    /// <summary>Reads an array of numbers as float32 that outlives every scope.</summary>
    /// <exception cref="TacitException">The file is missing, cut short, big-endian, in Fortran order, or not of numbers.</exception>
    public static Tensor Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            var (type, shape) = ReadHeader(stream, path);
            long need = (long)shape.Length * type.Size();
            if (stream.Length - stream.Position != need)
            {
                throw Broken(path, $"{need} bytes of numbers are announced and {stream.Length - stream.Position} are there");
            }

            var tensor = Tensor.Lasting(shape);
            StoredTypes.Read(stream, type, tensor);
            return tensor;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TacitException($"There is no file {path}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TacitException($"Could not read {path}: {error.Message.TrimEnd('.')}.", error);
        }
    }

    private static TacitException Broken(string path, string why) => new($"{path} is not a valid .npy file: {why}.");

    private static void WriteHeader(Stream stream, string type, Shape shape)
    {
        string dims = string.Join(", ", shape.ToArray()) + (shape.Rank == 1 ? "," : string.Empty);
        string dictionary = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({dims}), }}";

        // Magic, version, length and dictionary together are a multiple of 64 bytes and end in a line feed.
        int length = ((10 + dictionary.Length + 1 + 63) & ~63) - 10;
        Span<byte> prefix = [.. Magic, 1, 0, (byte)length, (byte)(length >> 8)];
        stream.Write(prefix);
        stream.Write(Encoding.ASCII.GetBytes(dictionary.PadRight(length - 1) + "\n"));
    }

    private static (StoredType Type, Shape Shape) ReadHeader(Stream stream, string path)
    {
        Span<byte> prefix = stackalloc byte[12];
        if (stream.ReadAtLeast(prefix[..10], 10, throwOnEndOfStream: false) < 10 || !prefix[..6].SequenceEqual(Magic))
        {
            throw Broken(path, "it does not begin as one");
        }

        int major = prefix[6];
        long length = BinaryPrimitives.ReadUInt16LittleEndian(prefix[8..]);
        if (major is 2 or 3)
        {
            if (stream.ReadAtLeast(prefix[10..], 2, throwOnEndOfStream: false) < 2)
            {
                throw Broken(path, "it ends within its header");
            }

            length = BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]);
        }
        else if (major != 1)
        {
            throw Broken(path, $"version {major} is not known");
        }

        if (length > MaxHeader || length > stream.Length - stream.Position)
        {
            throw Broken(path, $"its header claims {length} bytes");
        }

        byte[] bytes = new byte[(int)length];
        stream.ReadExactly(bytes);
        string header = Encoding.Latin1.GetString(bytes);
        Match match = Header().Match(header);
        if (!match.Success)
        {
            throw Broken(path, "its header is not that of an array of numbers");
        }

        StoredType type = match.Groups["type"].Value switch
        {
            "<f4" => StoredType.F32,
            "<f8" => StoredType.F64,
            "<f2" => StoredType.F16,
            "<i8" => StoredType.I64,
            "<i4" => StoredType.I32,
            "<i2" => StoredType.I16,
            "|i1" => StoredType.I8,
            "|u1" => StoredType.U8,
            "<u2" => StoredType.U16,
            "<u4" => StoredType.U32,
            "<u8" => StoredType.U64,
            "|b1" => StoredType.Bool,
            string other => throw new TacitException($"{path} holds numbers of type '{other}', which Tacit cannot read; save it as little-endian float32."),
        };
        return (type, ReadShape(match.Groups["shape"].Value, match.Groups["order"].Value, path));
    }

    private static Shape ReadShape(string text, string order, string path)
    {
        string[] parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length > Shape.MaxRank)
        {
            throw new TacitException($"{path} has {parts.Length} axes, more than the {Shape.MaxRank} that Tacit can hold.");
        }

        var dims = new int[parts.Length];
        Int128 total = 1;
        for (int i = 0; i < dims.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out dims[i]) || (total *= dims[i]) > int.MaxValue)
            {
                throw new TacitException($"{path} claims more numbers than Tacit can hold.");
            }
        }

        if (dims.Length > 1 && string.Equals(order, "True", StringComparison.Ordinal))
        {
            throw new TacitException($"{path} is stored in Fortran order; save it again after numpy.ascontiguousarray.");
        }

        return new Shape(dims);
    }

    // NumPy writes the three keys in this order, and so does everyone else who writes the format.
    [GeneratedRegex(@"^\{\s*'descr'\s*:\s*'(?<type>[^']{1,16})'\s*,\s*'fortran_order'\s*:\s*(?<order>True|False)\s*,\s*'shape'\s*:\s*\((?<shape>[0-9, ]*)\)\s*,?\s*\}\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Header();
}
