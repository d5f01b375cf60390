using Tacit.Data;
using Tacit.Methods;

namespace Tacit.Training;

/// <summary>Makes a typed configuration from a recipe and settings, and writes one back.</summary>
public static class ConfigBinder
{
    /// <summary>Every key that a method's configuration has, in the order config.yaml lists them.</summary>
    /// <exception cref="ConfigurationException">No such method.</exception>
    public static IReadOnlyList<string> Keys(string method) => ConfigSchema.For(MethodCatalog.Get(method)).Keys;

    /// <summary>Defaults, then the model's preset, then the recipe, then the settings.</summary>
    /// <param name="method">A name of the catalogue.</param>
    /// <param name="recipe">A YAML file, or null.</param>
    /// <param name="settings">Each <c>key=value</c>; the last of several for one key counts.</param>
    /// <exception cref="ConfigurationException">Unknown method or key, a value of the wrong type or out of range, two lengths at once.</exception>
    public static RunConfig Bind(string method, string? recipe, IEnumerable<string> settings)
    {
        MethodEntry entry = MethodCatalog.Get(method);
        return Bind(entry, recipe is null ? [] : Settings.Read(recipe), Settings.Parse(settings));
    }

    /// <summary>Defaults for what the data hold, then the model's preset, then the recipe, then the settings.</summary>
    /// <param name="method">A name of the catalogue.</param>
    /// <param name="recipe">A YAML file, or null.</param>
    /// <param name="settings">Each <c>key=value</c>; the last of several for one key counts.</param>
    /// <param name="data">What will be trained on.</param>
    /// <exception cref="ConfigurationException">As without data, or the method does not take such data.</exception>
    public static RunConfig Bind(string method, string? recipe, IEnumerable<string> settings, Dataset data)
    {
        MethodInfo info = MethodCatalog.Get(method).Info;
        return info.Modality.Contains(data.Modality)
            ? Bind(method, recipe, settings.Prepend($"{ConfigSchema.ModalityKey}={data.Modality}"))
            : throw new ConfigurationException(
                $"{info.Name} takes {string.Join(" or ", info.Modality.Select(Words))}, and '{data.Path}' holds {data.Word}; 'tacit methods' lists those that take {data.Word}.");
    }

    private static string Words(string modality) => modality switch { "image" => "pictures", "speech" => "recordings", _ => modality };

    /// <summary>Reads a run's config.yaml; every key in it counts as given.</summary>
    /// <exception cref="TacitException">Missing, or not a configuration.</exception>
    public static RunConfig Read(string path)
    {
        OrderedDictionary<string, string> values = Settings.Read(path);
        return values.TryGetValue(ConfigSchema.MethodKey, out string? method)
            ? Bind(MethodCatalog.Get(method), values, [])
            : throw new ConfigurationException($"'{path}' does not say which method it is for: it has no {ConfigSchema.MethodKey}.");
    }

    /// <summary>All keys with their values, without those still to be worked out.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Values(RunConfig config)
    {
        OptionTable<RunConfig> table = ConfigSchema.For(MethodCatalog.Get(config.MethodName));
        return table.Keys
            .Select(key => KeyValuePair.Create(key, table.Get(config, key)))
            .Where(pair => pair.Value != OptionTable<RunConfig>.Auto);
    }

    /// <summary>The configuration as YAML: as a recipe it makes the same run again.</summary>
    public static string ToYaml(RunConfig config) => Settings.ToYaml(Values(config));

    /// <summary>The value of one key, as config.yaml shows it.</summary>
    public static string Get(RunConfig config, string key) => ConfigSchema.For(MethodCatalog.Get(config.MethodName)).Get(config, key);

    private static RunConfig Bind(MethodEntry entry, OrderedDictionary<string, string> recipe, OrderedDictionary<string, string> settings)
    {
        OptionTable<RunConfig> table = ConfigSchema.For(entry);
        RefuseTwoLengths(recipe, "The recipe");
        RefuseTwoLengths(settings, "The command line");
        var values = new OrderedDictionary<string, string>(recipe, StringComparer.Ordinal);
        if (ConfigSchema.LengthKeys.Any(settings.ContainsKey))
        {
            foreach (string key in ConfigSchema.LengthKeys)
            {
                values.Remove(key);
            }
        }

        foreach ((string key, string value) in settings)
        {
            values[key] = value;
        }

        string modality = values.GetValueOrDefault(ConfigSchema.ModalityKey, entry.Info.Modality[0]).Trim().ToLowerInvariant();
        MethodSetup setup = entry.SetupFor(modality);
        var config = new RunConfig
        {
            MethodName = entry.Info.Name,
            Method = entry.Defaults,
            Modality = entry.Info.Modality[0],
            Model = ModelOptions.OfPreset(setup.Architecture, "small").With(setup.Model),
            Data = new DataOptions { Crop = setup.CropSeconds },
            Sound = setup.Sound,
            Train = new TrainOptions { BatchSize = setup.BatchSize },
            Optimizer = setup.Optimizer,
            Schedule = setup.Schedule,
        };
        foreach (string key in values.Keys.Where(key => !table.Keys.Contains(key, StringComparer.Ordinal)))
        {
            RefuseForeign(entry, key);
        }

        if (values.TryGetValue(ConfigSchema.ModalityKey, out string? trainedOn))
        {
            config = table.Set(config, ConfigSchema.ModalityKey, trainedOn);     // decides which keys there are
        }

        foreach (string key in ConfigSchema.WholeModelKeys.Where(values.ContainsKey))
        {
            config = table.Set(config, key, values[key]);     // sets several keys: before any of them is set
        }

        foreach ((string key, string value) in values)
        {
            config = ConfigSchema.WholeModelKeys.Contains(key) ? config : table.Set(config, key, value);
        }

        try
        {
            config.Method.Validate();
            config.Sound.Validate();
        }
        catch (TacitException error) when (error is not ConfigurationException)
        {
            throw new ConfigurationException(error.Message, error);
        }

        return config with { Given = values.Keys.ToHashSet(StringComparer.Ordinal) };
    }

    /// <summary>An option of other methods, such as smaller crops for one that compares two views: says whose it is.</summary>
    private static void RefuseForeign(MethodEntry entry, string key)
    {
        string[] others = [.. MethodCatalog.All.Where(m => ConfigSchema.For(m).Keys.Contains(key, StringComparer.Ordinal)).Select(m => m.Info.Name)];
        if (others.Length > 0)
        {
            throw new ConfigurationException($"{key}: {entry.Info.Name} has no such option; it is one of {string.Join(", ", others)}.");
        }
    }

    private static void RefuseTwoLengths(OrderedDictionary<string, string> values, string where)
    {
        string[] given = [.. ConfigSchema.LengthKeys.Where(values.ContainsKey)];
        if (given.Length > 1)
        {
            throw new ConfigurationException($"{where} gives both {given[0]} and {given[1]}; a run has one length.");
        }
    }
}
