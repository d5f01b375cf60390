using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tacit.Training;

/// <summary>Configuration as text by dotted key: how recipes, config.yaml and <c>--set</c> all look before they are typed.</summary>
internal static class Settings
{
    /// <summary>Reads <c>key=value</c>; a key given twice takes the last value.</summary>
    /// <exception cref="ConfigurationException">No equals sign.</exception>
    public static OrderedDictionary<string, string> Parse(IEnumerable<string> settings)
    {
        var values = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string setting in settings)
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new ConfigurationException($"The setting '{setting}' is not of the form key=value.");
            }

            values[Key(setting[..equals])] = setting[(equals + 1)..];
        }

        return values;
    }

    /// <summary>Reads a recipe: nested mappings, dotted keys, or both.</summary>
    /// <exception cref="ConfigurationException">Missing, unreadable, not YAML, or not a mapping: names the file and the line.</exception>
    public static OrderedDictionary<string, string> Read(string path)
    {
        try
        {
            return ParseYaml(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                error is FileNotFoundException or DirectoryNotFoundException ? $"There is no file '{path}'." : $"'{path}' cannot be read: {error.Message.TrimEnd('.')}.", error);
        }
    }

    public static OrderedDictionary<string, string> ParseYaml(string text, string path)
    {
        var values = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw new ConfigurationException($"'{path}', line {error.Start.Line}: not valid YAML: {error.Message.TrimEnd('.')}.", error);
        }

        if (yaml.Documents.Count > 0 && !(yaml.Documents[0].RootNode is YamlScalarNode { Value: null or "" }))
        {
            Flatten(yaml.Documents[0].RootNode, "", values, path);
        }

        return values;
    }

    /// <summary>Nested YAML with one section for each first part of the keys; what is worked out later (<c>auto</c>) is left out.</summary>
    public static string ToYaml(IEnumerable<KeyValuePair<string, string>> values)
    {
        var yaml = new StringBuilder();
        string[] open = [];
        foreach ((string key, string value) in values)
        {
            string[] parts = key.Split('.');
            int shared = 0;
            while (shared < parts.Length - 1 && shared < open.Length && parts[shared] == open[shared])
            {
                shared++;
            }

            for (int i = shared; i < parts.Length - 1; i++)
            {
                yaml.Append(' ', 2 * i).Append(parts[i]).Append(":\n");
            }

            yaml.Append(' ', 2 * (parts.Length - 1)).Append(parts[^1]).Append(": ").Append(Scalar(value)).Append('\n');
            open = parts[..^1];
        }

        return yaml.ToString();
    }

    /// <summary>Underscores and capitals are taken for hyphens and small letters.</summary>
    private static string Key(string key) => key.Trim().ToLowerInvariant().Replace('_', '-');

    private static void Flatten(YamlNode node, string prefix, OrderedDictionary<string, string> values, string path)
    {
        switch (node)
        {
            case YamlMappingNode mapping when mapping.Children.Keys.All(name => name is YamlScalarNode { Value.Length: > 0 }):
                foreach ((YamlNode name, YamlNode child) in mapping.Children)
                {
                    string key = Key(((YamlScalarNode)name).Value!);
                    Flatten(child, prefix.Length == 0 ? key : $"{prefix}.{key}", values, path);
                }

                break;
            case YamlSequenceNode sequence when prefix.Length > 0 && sequence.Children.All(c => c is YamlScalarNode):
                Put(prefix, $"[{string.Join(", ", sequence.Children.Cast<YamlScalarNode>().Select(c => c.Value))}]");
                break;
            case YamlScalarNode scalar when prefix.Length > 0:
                Put(prefix, scalar.Value ?? "");
                break;
            default:
                throw new ConfigurationException($"'{path}', line {node.Start.Line}: a recipe is a list of 'key: value' lines, nested by section.");
        }

        void Put(string key, string value)
        {
            if (!values.TryAdd(key, value))
            {
                throw new ConfigurationException($"'{path}', line {node.Start.Line}: the key '{key}' stands there twice.");
            }
        }
    }

    /// <summary>Plain where YAML cannot take it for something else, otherwise in double quotes.</summary>
    private static string Scalar(string value)
    {
        if (value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '/' or '_' or '@' or '+') && !"-@".Contains(value[0], StringComparison.Ordinal))
        {
            return value;
        }

        if (value.StartsWith('[') && value.EndsWith(']') && value[1..^1].All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '@' or ',' or ' ' or '+'))
        {
            return value;
        }

        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            return value;
        }

        var quoted = new StringBuilder("\"");
        foreach (char c in value)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => $"\\x{(int)c:x2}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
