using System.Globalization;

namespace Tacit.Methods;

/// <summary>
/// The keys of one options record: how each is read from text, checked, and written back. A table is an explicit list, so
/// nothing is found by reflection; the record's property initialisers are the only place where a default lives.
/// </summary>
/// <remarks>Keys are lower case with hyphens; sections nest with dots (<c>optimizer.weight-decay</c>).</remarks>
public sealed class OptionTable<T>
    where T : class
{
    /// <summary>What stands for "worked out when the run begins" where an option has no fixed default.</summary>
    public const string Auto = "auto";

    private readonly List<string> keys = [];
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>All keys in the order they were declared, sections with their dots.</summary>
    public IReadOnlyList<string> Keys => keys;

    public OptionTable<T> Whole(string key, Func<T, long> get, Func<T, long, T> with, Interval range) =>
        Add(key, o => get(o).ToString(CultureInfo.InvariantCulture), (o, text) => with(o, ParseWhole(text, range)));

    /// <summary>A whole number, or <c>auto</c> (null): worked out when the run begins.</summary>
    public OptionTable<T> WholeOrAuto(string key, Func<T, long?> get, Func<T, long?, T> with, Interval range) =>
        Add(key, o => get(o)?.ToString(CultureInfo.InvariantCulture) ?? Auto, (o, text) => with(o, text == Auto ? null : ParseWhole(text, range)));

    /// <summary>A real number, written so that it reads back as the same float32.</summary>
    public OptionTable<T> Number(string key, Func<T, float> get, Func<T, float, T> with, Interval range) =>
        Add(key, o => Format(get(o)), (o, text) => with(o, (float)ParseNumber(text, range)));

    /// <summary>A real number, written so that it reads back as the same float64.</summary>
    public OptionTable<T> Real(string key, Func<T, double> get, Func<T, double, T> with, Interval range) =>
        Add(key, o => Format(get(o)), (o, text) => with(o, ParseNumber(text, range)));

    /// <summary>A real number, or <c>auto</c> (null): worked out when the run begins.</summary>
    public OptionTable<T> NumberOrAuto(string key, Func<T, float?> get, Func<T, float?, T> with, Interval range) =>
        Add(key, o => get(o) is { } v ? Format(v) : Auto, (o, text) => with(o, text == Auto ? null : (float)ParseNumber(text, range)));

    /// <summary>A number, or a word that stands for none (null).</summary>
    public OptionTable<T> NumberOr(string word, string key, Func<T, float?> get, Func<T, float?, T> with, Interval range) =>
        Add(key, o => get(o) is { } v ? Format(v) : word, (o, text) => with(o, text == word ? null : (float)ParseNumber(text, range)));

    public OptionTable<T> Flag(string key, Func<T, bool> get, Func<T, bool, T> with) =>
        Add(key, o => get(o) ? "true" : "false", (o, text) => with(o, ParseFlag(text)));

    /// <summary>Yes, no, or <c>auto</c> (null): worked out when the run begins.</summary>
    public OptionTable<T> FlagOrAuto(string key, Func<T, bool?> get, Func<T, bool?, T> with) =>
        Add(key, o => get(o) switch { true => "true", false => "false", _ => Auto }, (o, text) => with(o, text == Auto ? null : ParseFlag(text)));

    /// <summary>One of a few words; the word itself is what the record holds.</summary>
    public OptionTable<T> Choice(string key, Func<T, string> get, Func<T, string, T> with, params string[] words) =>
        Add(key, get, (o, text) => with(o, ParseWord(text, words)));

    /// <summary>One of an enumeration's names, lower case with hyphens.</summary>
    public OptionTable<T> Choice<TEnum>(string key, Func<T, TEnum> get, Func<T, TEnum, T> with, params (string Word, TEnum Value)[] words)
        where TEnum : struct, Enum
    {
        string[] names = [.. words.Select(w => w.Word)];
        return Add(
            key,
            o => words.First(w => EqualityComparer<TEnum>.Default.Equals(w.Value, get(o))).Word,
            (o, text) => with(o, words[Array.IndexOf(names, ParseWord(text, names))].Value));
    }

    public OptionTable<T> Text(string key, Func<T, string> get, Func<T, string, T> with) => Add(key, get, with);

    /// <summary>A list, in YAML a sequence and on the command line <c>[a, b, c]</c> or <c>a,b,c</c>.</summary>
    public OptionTable<T> List<TItem>(string key, Func<T, IReadOnlyList<TItem>> get, Func<T, IReadOnlyList<TItem>, T> with, Func<string, TItem> parse, Func<TItem, string> format) =>
        Add(key, o => $"[{string.Join(", ", get(o).Select(format))}]", (o, text) => with(o, [.. Items(text).Select(parse)]));

    /// <summary>One or more whole numbers: widths of layers, prototypes of heads.</summary>
    public OptionTable<T> Wholes(string key, Func<T, IReadOnlyList<int>> get, Func<T, IReadOnlyList<int>, T> with, Interval range) =>
        List(key, get, (o, v) => v.Count > 0 ? with(o, v) : throw new FormatException("needs at least one number"), text => (int)ParseWhole(text, range), v => v.ToString(CultureInfo.InvariantCulture));

    public OptionTable<T> Numbers(string key, Func<T, IReadOnlyList<float>> get, Func<T, IReadOnlyList<float>, T> with, Interval range) =>
        List(key, get, with, text => (float)ParseNumber(text, range), Format);

    public OptionTable<T> Reals(string key, Func<T, IReadOnlyList<double>> get, Func<T, IReadOnlyList<double>, T> with, Interval range) =>
        List(key, get, with, text => ParseNumber(text, range), Format);

    /// <summary>The keys of a record inside this one, under <paramref name="name"/> and a dot; under their own names where it is empty.</summary>
    public OptionTable<T> Section<TSection>(string name, Func<T, TSection> get, Func<T, TSection, T> with, OptionTable<TSection> table)
        where TSection : class
    {
        foreach (string key in table.Keys)
        {
            Forward(name.Length == 0 ? key : $"{name}.{key}", key, get, with, table);
        }

        return this;
    }

    /// <summary>One key of a record inside this one, under a name of its own.</summary>
    public OptionTable<T> Forward<TSection>(string name, string key, Func<T, TSection> get, Func<T, TSection, T> with, OptionTable<TSection> table)
        where TSection : class =>
        Add(name, o => table.Get(get(o), key), (o, text) => with(o, table.Parse(get(o), key, text)));

    /// <summary>The keys of another table for those records that have such parts; in others they read as <c>auto</c> and cannot be set.</summary>
    /// <param name="has">Whether a record has them.</param>
    /// <param name="whose">What has them, as a sentence goes on: "vision transformers".</param>
    /// <param name="table">The keys.</param>
    public OptionTable<T> Where(Func<T, bool> has, string whose, OptionTable<T> table)
    {
        foreach (string key in table.Keys)
        {
            Add(key, o => has(o) ? table.Get(o, key) : Auto, (o, text) => has(o) ? table.Parse(o, key, text) : throw new FormatException($"cannot be set: only {whose} have it"));
        }

        return this;
    }

    /// <summary>The same keys for code that holds the record by its base type.</summary>
    public OptionTable<TBase> As<TBase>()
        where TBase : class
    {
        var table = new OptionTable<TBase>();
        foreach (string key in keys)
        {
            table.Add(key, o => Get((T)(object)o, key), (o, text) => (TBase)(object)Parse((T)(object)o, key, text));
        }

        return table;
    }

    /// <summary>The value of a key as text that <see cref="Set"/> reads back.</summary>
    public string Get(T options, string key) => entries[key].Get(options);

    /// <summary>The same options with one key set from text.</summary>
    /// <exception cref="ConfigurationException">No such key, not of its type, or out of its range: says which key and what it takes.</exception>
    public T Set(T options, string key, string text)
    {
        if (!entries.ContainsKey(key))
        {
            throw new ConfigurationException($"There is no configuration key '{key}'.{NearestName.Suggest(key, keys)}");
        }

        try
        {
            return Parse(options, key, text);
        }
        catch (FormatException error)
        {
            throw new ConfigurationException($"{key}: '{text}' {error.Message}.", error);
        }
    }

    private static string Format(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static long ParseWhole(string text, Interval range)
    {
        // 1e4 and 10_000 are how people write large whole numbers.
        string plain = text.Replace("_", "", StringComparison.Ordinal);
        if (!decimal.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) || value != decimal.Truncate(value) || Math.Abs(value) > long.MaxValue)
        {
            throw new FormatException("is not a whole number");
        }

        return range.Contains((double)value) ? (long)value : throw new FormatException($"is out of range: it must be {range}");
    }

    private static double ParseNumber(string text, Interval range)
    {
        if (!double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || double.IsNaN(value))
        {
            throw new FormatException("is not a number");
        }

        return range.Contains(value) ? value : throw new FormatException($"is out of range: it must be {range}");
    }

    private static bool ParseFlag(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" or "1" => true,
        "FALSE" or "NO" or "OFF" or "0" => false,
        _ => throw new FormatException("is neither true nor false"),
    };

    private static string ParseWord(string text, string[] words)
    {
        string word = text.ToLowerInvariant().Replace('_', '-');
        return words.Contains(word) ? word : throw new FormatException($"is none of {string.Join(", ", words)}");
    }

    private static string[] Items(string text)
    {
        string inner = text.Trim();
        inner = inner.StartsWith('[') && inner.EndsWith(']') ? inner[1..^1] : inner;
        return inner.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private T Parse(T options, string key, string text) => entries[key].Set(options, text.Trim());

    private OptionTable<T> Add(string key, Func<T, string> get, Func<T, string, T> set)
    {
        keys.Add(key);
        entries.Add(key, new Entry(get, set));
        return this;
    }

    private sealed record Entry(Func<T, string> Get, Func<T, string, T> Set);
}
