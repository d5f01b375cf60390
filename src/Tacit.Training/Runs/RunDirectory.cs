using Tacit.Data.Text;

namespace Tacit.Training;

/// <summary>The names of what a run keeps on disk.</summary>
/// <remarks>
/// config.yaml (everything resolved), tokenizer.json (of runs on texts), metrics.jsonl (one line per logged step), checkpoints/step-000123.safetensors (newest
/// K and the best), trace.json (of a profile), targets/STAGE/round-0000.npy (of methods that pass over the data), encoder.safetensors (when the run is finished), report.html (where one was asked for). Whole files are written beside their place, flushed and renamed.
/// </remarks>
public sealed class RunDirectory
{
    /// <summary>What the page about a run is called.</summary>
    public const string ReportName = "report.html";

    public RunDirectory(string path) => Path = System.IO.Path.GetFullPath(path);

    public string Path { get; }

    public string ConfigPath => System.IO.Path.Combine(Path, "config.yaml");

    /// <summary>What makes texts tokens, of a run on texts.</summary>
    public string TokenizerPath => System.IO.Path.Combine(Path, "tokenizer.json");

    public string MetricsPath => System.IO.Path.Combine(Path, "metrics.jsonl");

    /// <summary>The single events of a run that was profiled.</summary>
    public string TracePath => System.IO.Path.Combine(Path, "trace.json");

    public string EncoderPath => System.IO.Path.Combine(Path, "encoder.safetensors");

    public string CheckpointFolder => System.IO.Path.Combine(Path, "checkpoints");

    /// <summary>Whether a run began here, be it whole or not.</summary>
    public bool HasRun => File.Exists(ConfigPath) || HasEncoder || CheckpointSteps().Count > 0;

    /// <summary>Whether the run here has its encoder: it is finished.</summary>
    public bool HasEncoder => File.Exists(EncoderPath);

    public string CheckpointPath(long step) => System.IO.Path.Combine(CheckpointFolder, $"step-{step:D6}.safetensors");

    /// <summary>The targets that a pass over the data gave its items: [items, targets an item], int64.</summary>
    public string TargetsPath(string stage, int round) => System.IO.Path.Combine(Path, "targets", stage, $"round-{round:D4}.npy");

    /// <summary>The steps of the checkpoints here, ascending.</summary>
    public IReadOnlyList<long> CheckpointSteps()
    {
        var steps = new List<long>();
        if (Directory.Exists(CheckpointFolder))
        {
            foreach (string file in Directory.EnumerateFiles(CheckpointFolder, "step-*.safetensors"))
            {
                if (long.TryParse(System.IO.Path.GetFileNameWithoutExtension(file)["step-".Length..], System.Globalization.NumberStyles.None, null, out long step))
                {
                    steps.Add(step);
                }
            }
        }

        steps.Sort();
        return steps;
    }

    /// <summary>The configuration the run was made with.</summary>
    /// <exception cref="TacitException">No run here, or its config.yaml cannot be read.</exception>
    public RunConfig ReadConfig() =>
        File.Exists(ConfigPath) ? ConfigBinder.Read(ConfigPath) with { Tokenizer = File.Exists(TokenizerPath) ? BytePairTokenizer.Read(TokenizerPath) : null } : throw new TacitException($"'{Path}' holds no run that could be read: there is no config.yaml in it.");
}
