using System.Text.Json;
using System.Text.Json.Nodes;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>One object of settings in a .json file; errors name the file and the setting.</summary>
internal sealed class JsonFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly string path;
    private readonly JsonObject root;

    private JsonFile(string path, JsonObject root) => (this.path, this.root) = (path, root);

    /// <exception cref="TacitException">The file is missing, or no JSON object.</exception>
    public static JsonFile Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject root
                ? new JsonFile(path, root)
                : throw new TacitException($"{path} holds no JSON object.");
        }
        catch (JsonException error)
        {
            throw new TacitException($"{path} is no valid JSON: {error.Message.TrimEnd('.')}.", error);
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

    public static void Write(string path, JsonObject root) => AtomicFile.WriteText(path, root.ToJsonString(Indented) + "\n");

    /// <summary>A setting, or its default where it is absent or null.</summary>
    /// <exception cref="TacitException">It is of another kind.</exception>
    public string Text(string key, string absent) => Get(key, absent, "a text");

    public int Whole(string key, int absent) => Get(key, absent, "a whole number");

    public float Number(string key, float absent) => Get(key, absent, "a number");

    public bool Flag(string key, bool absent) => Get(key, absent, "true or false");

    public IReadOnlyList<int> Wholes(string key, IReadOnlyList<int> absent) => root[key] switch
    {
        null => absent,
        JsonArray list when list.All(item => item is JsonValue value && value.TryGetValue(out int _)) => [.. list.Select(item => item!.GetValue<int>())],
        JsonNode other => throw Unfit(key, other, "a list of whole numbers"),
    };

    /// <summary>Refuses a file that sets something to what is not to be had here.</summary>
    /// <exception cref="TacitException">It is set, and to something else.</exception>
    public void Require(string key, JsonNode only)
    {
        if (root[key] is { } given && !JsonNode.DeepEquals(given, only))
        {
            throw new TacitException($"{path} sets {key} to {given.ToJsonString()}, but only {only.ToJsonString()} is supported.");
        }
    }

    /// <summary>Refuses a file that sets something at all.</summary>
    /// <exception cref="TacitException">It is there, and not null.</exception>
    public void RequireNull(string key)
    {
        if (root[key] is { } given)
        {
            throw new TacitException($"{path} sets {key} to {given.ToJsonString()}, which is not supported.");
        }
    }

    private T Get<T>(string key, T absent, string kind) =>
        root[key] is not { } node ? absent : node is JsonValue value && value.TryGetValue(out T? got) ? got : throw Unfit(key, node, kind);

    private TacitException Unfit(string key, JsonNode node, string kind) => new($"{path} gives {node.ToJsonString()} as {key}, which is not {kind}.");
}
