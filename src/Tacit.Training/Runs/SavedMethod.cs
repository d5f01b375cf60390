using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>A method as a run's newest checkpoint holds it, heads and all: what encoder.safetensors leaves out.</summary>
/// <param name="Name">The catalogue's name of the method.</param>
/// <param name="Method">In evaluation mode.</param>
/// <param name="Step">Steps done when the checkpoint was written.</param>
/// <param name="Input">How it is shown items.</param>
public sealed record SavedMethod(string Name, Method Method, long Step, InputFormat Input)
{
    private const string Prefix = "method.";

    /// <summary>Reads what a run's directory holds.</summary>
    /// <exception cref="TacitException">No run, no checkpoint yet, or one that does not fit its configuration.</exception>
    public static SavedMethod Open(string run)
    {
        if (!Directory.Exists(run))
        {
            throw new TacitException(File.Exists(run)
                ? $"'{run}' is a file; give the run's directory, whose checkpoints hold the whole method and not the encoder alone."
                : $"There is no run '{run}': give a run's directory.");
        }

        var directory = new RunDirectory(run);
        RunConfig config = directory.ReadConfig();
        if (directory.CheckpointSteps() is not [.., long newest])
        {
            throw new TacitException($"The run in '{run}' has no checkpoint: begin it, or go on with it, by 'tacit pretrain … --out {run} --resume'.");
        }

        string path = directory.CheckpointPath(newest);
        Method method = MethodCatalog.Get(config.MethodName).Create(BackboneFactory.Build(config.Model.Backbone), config.Method);
        method.Load(Safetensors.Read(path).Tensors
            .Where(pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[Prefix.Length..], pair => pair.Value, StringComparer.Ordinal));
        method.Eval();
        return new SavedMethod(config.MethodName, method, newest, Inputs.Of(config));
    }
}
