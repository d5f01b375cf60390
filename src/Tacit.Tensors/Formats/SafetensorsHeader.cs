using System.Buffers.Binary;
using System.Text.Json;

namespace Tacit.Tensors;

/// <summary>The checked header of a .safetensors file: where each tensor lies, and the metadata.</summary>
/// <remarks>
/// Layout: header length (u64, little-endian), that many bytes of JSON, then the numbers. Every claim of the header is
/// held against the file's real size before anything is allocated for it.
/// </remarks>
internal sealed class SafetensorsHeader
{
    public const int MaxLength = 100_000_000;
    public const string MetadataKey = "__metadata__";

    private SafetensorsHeader(List<Entry> entries, SortedDictionary<string, string> metadata, long dataStart)
    {
        Entries = entries;
        Metadata = metadata;
        DataStart = dataStart;
    }

    /// <summary>In the order of their place in the file.</summary>
    public List<Entry> Entries { get; }

    public SortedDictionary<string, string> Metadata { get; }

    public long DataStart { get; }

    /// <exception cref="TacitException">The file is not what its header says.</exception>
    public static SafetensorsHeader Read(Stream stream, string path)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length < 8)
        {
            throw Broken(path, "it is too short to hold a header");
        }

        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxLength)
        {
            throw Broken(path, $"its header claims {length} bytes, more than the {MaxLength} that are allowed");
        }

        if (length > (ulong)(stream.Length - 8))
        {
            throw Broken(path, $"its header claims {length} bytes, but only {stream.Length - 8} follow");
        }

        byte[] json = new byte[(int)length];
        stream.ReadExactly(json);
        if (json.Length == 0 || json[0] != (byte)'{')
        {
            throw Broken(path, "its header is not JSON");
        }

        try
        {
            var header = new SafetensorsHeader([], new SortedDictionary<string, string>(StringComparer.Ordinal), 8 + (long)length);
            header.Parse(json, path);
            header.CheckPlaces(stream.Length - header.DataStart, path);
            return header;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new TacitException($"{path} is not a valid .safetensors file: its header is not valid JSON.", error);
        }
    }

    private static TacitException Broken(string path, string why) => new($"{path} is not a valid .safetensors file: {why}.");

    private static string Text(ref Utf8JsonReader reader, string path, string what)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw Broken(path, $"{what} is not a string");
    }

    private static List<long> Numbers(ref Utf8JsonReader reader, string path, string what)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Broken(path, $"{what} is not a list");
        }

        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
            {
                throw Broken(path, $"{what} holds something that is not a size");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private void Parse(byte[] json, string path)
    {
        var reader = new Utf8JsonReader(json);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!seen.Add(name))
            {
                throw Broken(path, $"the name '{name}' occurs twice");
            }

            if (string.Equals(name, MetadataKey, StringComparison.Ordinal))
            {
                ParseMetadata(ref reader, path);
            }
            else
            {
                Entries.Add(ParseEntry(ref reader, name, path));
            }
        }

        // Only the padding may follow; the reader throws on anything else.
        while (reader.Read())
        {
        }
    }

    private void ParseMetadata(ref Utf8JsonReader reader, string path)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Broken(path, "its metadata is not an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            if (!Metadata.TryAdd(key, Text(ref reader, path, $"the metadata '{key}'")))
            {
                throw Broken(path, $"the metadata '{key}' occurs twice");
            }
        }
    }

    private static Entry ParseEntry(ref Utf8JsonReader reader, string name, string path)
    {
        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Broken(path, $"the tensor '{name}' is not described by an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            bool twice = key switch
            {
                "dtype" => type is not null,
                "shape" => shape is not null,
                "data_offsets" => offsets is not null,
                _ => throw Broken(path, $"the tensor '{name}' has an unknown field '{key}'"),
            };
            if (twice)
            {
                throw Broken(path, $"the tensor '{name}' has two fields '{key}'");
            }

            switch (key)
            {
                case "dtype": type = Text(ref reader, path, $"the type of '{name}'"); break;
                case "shape": shape = Numbers(ref reader, path, $"the shape of '{name}'"); break;
                default: offsets = Numbers(ref reader, path, $"the place of '{name}'"); break;
            }
        }

        if (type is null || shape is null || offsets is not [long begin, long end] || end < begin)
        {
            throw Broken(path, $"the tensor '{name}' needs a type, a shape, and where it begins and ends");
        }

        if (!Enum.TryParse(type, ignoreCase: true, out StoredType stored) || !string.Equals(stored.ToString(), type, StringComparison.OrdinalIgnoreCase))
        {
            throw new TacitException($"{path}: the tensor '{name}' has the type {type}, which Tacit cannot read; convert it to F32.");
        }

        if (shape.Count > Shape.MaxRank)
        {
            throw new TacitException($"{path}: the tensor '{name}' has {shape.Count} axes, more than the {Shape.MaxRank} that Tacit can hold.");
        }

        Int128 length = 1;
        foreach (long size in shape)
        {
            length = shape.Contains(0) ? 0 : length * size;
            if (length > int.MaxValue || size > int.MaxValue)
            {
                throw new TacitException($"{path}: the tensor '{name}' claims more numbers than Tacit can hold.");
            }
        }

        return length * stored.Size() == end - begin
            ? new Entry(name, stored, new Shape([.. shape.Select(size => (int)size)]), begin, end)
            : throw Broken(path, $"the tensor '{name}' has {end - begin} bytes where its shape needs {length * stored.Size()}");
    }

    /// <summary>The tensors must fill the data exactly: no hole, no overlap, nothing left over.</summary>
    private void CheckPlaces(long dataLength, string path)
    {
        Entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin)
            : a.End != b.End ? a.End.CompareTo(b.End)
            : string.CompareOrdinal(a.Name, b.Name));
        long at = 0;
        foreach (Entry entry in Entries)
        {
            if (entry.Begin != at)
            {
                throw Broken(path, entry.Begin < at ? $"the tensor '{entry.Name}' overlaps another" : $"there is a hole before the tensor '{entry.Name}'");
            }

            at = entry.End;
        }

        if (at != dataLength)
        {
            throw Broken(path, at > dataLength
                ? $"it ends early: {at} bytes of numbers are announced and {dataLength} are there"
                : $"{dataLength - at} bytes follow the last tensor");
        }
    }

    /// <summary>One tensor's type, shape, and place relative to the start of the data.</summary>
    internal sealed record Entry(string Name, StoredType Type, Shape Shape, long Begin, long End);
}
