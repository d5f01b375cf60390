using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tacit.Tensors;

/// <summary>What a .safetensors file holds.</summary>
/// <param name="Tensors">By name, in the file's order, as float32 that outlives every scope.</param>
/// <param name="Metadata">Texts by key, sorted.</param>
public sealed record SafetensorsContent(OrderedDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>
/// The format of weights and checkpoints: named row-major tensors and a table of texts. Equal content gives equal bytes.
/// </summary>
public static class Safetensors
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes tensors sorted by name, all at once or not at all (<see cref="AtomicFile"/>).</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensors">Names must be unique.</param>
    /// <param name="metadata">Texts to keep beside them.</param>
    /// <param name="int64">Which tensors hold whole numbers to be stored as I64; by default PyTorch's <c>num_batches_tracked</c>.</param>
    public static void Write(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        Func<string, bool>? int64 = null)
    {
        int64 ??= static name => name.EndsWith("num_batches_tracked", StringComparison.Ordinal);

        // The widest type first keeps every tensor aligned to its own size.
        (string Name, Tensor Tensor, bool Int64)[] sorted = [.. tensors
            .Select(t => (t.Key, t.Value, int64(t.Key)))
            .OrderByDescending(t => t.Item3)
            .ThenBy(t => t.Key, StringComparer.Ordinal)];
        byte[] header = Header(sorted, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (name, tensor, whole) in sorted)
            {
                if (whole)
                {
                    StoredTypes.WriteInt64s(stream, ToInt64(name, tensor.Span));
                }
                else
                {
                    StoredTypes.WriteSingles(stream, tensor.Span);
                }
            }
        });
    }

    /// <summary>Reads all tensors of a file, converted to float32.</summary>
    /// <exception cref="TacitException">The file is missing, cut short, or not what its header says.</exception>
    public static SafetensorsContent Read(string path) => Open(path, (stream, header) =>
    {
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (SafetensorsHeader.Entry entry in header.Entries)
        {
            var tensor = Tensor.Lasting(entry.Shape);
            tensor.Name = entry.Name;
            StoredTypes.Read(stream, entry.Type, tensor);
            tensors.Add(entry.Name, tensor);
        }

        return new SafetensorsContent(tensors, header.Metadata);
    });

    /// <summary>Reads and checks the header alone.</summary>
    /// <exception cref="TacitException">As <see cref="Read"/>.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path) => Open(path, (_, header) => header.Metadata);

    private static T Open<T>(string path, Func<Stream, SafetensorsHeader, T> read)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            return read(stream, SafetensorsHeader.Read(stream, path));
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

    private static byte[] Header((string Name, Tensor Tensor, bool Int64)[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long at = 0;
            string? previous = null;
            foreach (var (name, tensor, whole) in tensors)
            {
                if (string.Equals(name, previous, StringComparison.Ordinal) || string.Equals(name, SafetensorsHeader.MetadataKey, StringComparison.Ordinal))
                {
                    throw new ArgumentException($"The tensor name '{name}' is taken.", nameof(tensors));
                }

                long end = at + ((long)tensor.Length * (whole ? sizeof(long) : sizeof(float)));
                json.WriteStartObject(name);
                json.WriteString("dtype", whole ? "I64" : "F32");
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape.ToArray())
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                at = end;
                previous = name;
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.Length <= SafetensorsHeader.MaxLength
            ? buffer.ToArray()
            : throw new TacitException($"{tensors.Length} tensors need a header of {buffer.Length} bytes, more than a .safetensors file may have.");
    }

    private static long[] ToInt64(string name, ReadOnlySpan<float> values)
    {
        var whole = new long[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            whole[i] = float.IsInteger(values[i])
                ? (long)values[i]
                : throw new ArgumentException($"The tensor '{name}' was to be stored as I64 but holds {values[i]}.");
        }

        return whole;
    }
}
