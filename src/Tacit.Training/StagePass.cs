using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>
/// The passes over the data that a method declares: made before the first step or every few epochs, their targets kept
/// under the run's <c>targets/STAGE/round-000.npy</c> and put into the batches of the steps that follow.
/// </summary>
/// <param name="config">Resolved, with its number of steps.</param>
/// <param name="data">The training pictures.</param>
/// <param name="directory">Where targets are kept; null for a copy that is thrown away.</param>
/// <param name="note">Takes one sentence for people.</param>
internal sealed class StagePass(RunConfig config, PictureDataset data, RunDirectory? directory, Action<string> note)
{
    private const int BatchSize = 128;

    private static readonly ulong Stream = Philox.Hash("stage", "items");

    private int[]? targets;

    /// <summary>Makes the pass if one is due before this step.</summary>
    /// <param name="learner">Its method's buffers take what is fitted.</param>
    /// <param name="step">Steps done.</param>
    public void Before(Learner learner, long step)
    {
        if (learner.Method.Stage is not { } stage || step % Interval(stage) != 0)
        {
            return;
        }

        int round = (int)(step / Interval(stage));
        targets = Make(learner.Method, stage, round, step);
        if (targets is not null && directory is not null)
        {
            Write(stage, round);
        }
    }

    /// <summary>Takes the targets that held when a checkpoint was written.</summary>
    /// <param name="learner">Restored.</param>
    /// <param name="step">Steps done, the checkpoint's.</param>
    /// <exception cref="TacitException">They are not there any more.</exception>
    public void Restore(Learner learner, long step)
    {
        if (learner.Method.Stage is not { TargetsPerItem: > 0 } stage || step == 0)
        {
            return;
        }

        string path = directory!.TargetsPath(stage.Name, Round(stage, step));
        if (!File.Exists(path))
        {
            throw new TacitException($"The targets that the run went on with are missing: there is no '{path}'. Without it the run cannot be resumed exactly; begin another with --out.");
        }

        targets = Array.ConvertAll(Npy.Read(path).ToArray(), value => (int)value);
    }

    /// <summary>The batch with its items' targets.</summary>
    public Batch WithTargets(Batch batch)
    {
        if (targets is null)
        {
            return batch;
        }

        int each = targets.Length / data.Count;
        int[] own = new int[batch.Size * each];
        for (int i = 0; i < batch.Size; i++)
        {
            targets.AsSpan(batch.Items[i] * each, each).CopyTo(own.AsSpan(i * each));
        }

        return batch with { Targets = own };
    }

    /// <summary>Optimiser steps from one pass to the next; longer than any run where there is only one.</summary>
    public long Interval(Stage stage) => stage.EveryEpochs == 0
        ? long.MaxValue
        : Math.Max(1, (long)Math.Round(stage.EveryEpochs * ConfigResolver.StepsPerEpoch(config.Train, data.Count)));

    /// <summary>The pass whose targets the step before this one used.</summary>
    private int Round(Stage stage, long step) => (int)((step - 1) / Interval(stage));

    private int[]? Make(Method method, Stage stage, int round, long step)
    {
        int[] items = [.. Enumerable.Range(0, data.Count)];
        if (stage.MostItems is { } most && most < items.Length)
        {
            items = Philox.Permutation(data.Count, config.Train.Seed, Stream, 0)[..most];
            Array.Sort(items);
        }

        int side = stage.Side(config.Data.Sizes?.At(step, config.Train.Steps!.Value) ?? config.Data.Size!.Value);
        Tensor rows = Tensor.Lasting(new Shape(items.Length, stage.Width));
        var seen = new List<int>(items.Length);
        method.Eval();
        try
        {
            foreach (Batch batch in EvaluationBatches.Of(data, side, Loaders.Normalization(config), BatchSize, items))
            {
                using Scope scope = Scope.NoGradient();
                stage.Look(batch, rows.Rows(seen.Count, batch.Size));
                seen.AddRange(batch.Items);
            }
        }
        finally
        {
            method.Train();
        }

        // A broken picture is left out.
        Tensor found = seen.Count == items.Length ? rows : rows.Rows(0, seen.Count);
        return stage.Fit(found, [.. seen], data.Count, new StageContext(config.Train.Seed, round, note));
    }

    private void Write(Stage stage, int round)
    {
        string path = directory!.TargetsPath(stage.Name, round);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TacitException($"The folder of '{path}' cannot be made: {error.Message.TrimEnd('.')}.", error);
        }

        Npy.Write(path, Array.ConvertAll(targets!, value => (long)value), new Shape(data.Count, targets!.Length / data.Count));
        Prune(stage, round);
    }

    /// <summary>Takes away the targets that no checkpoint goes on with any more.</summary>
    private void Prune(Stage stage, int round)
    {
        HashSet<int> needed = [round, .. directory!.CheckpointSteps().Where(step => step > 0).Select(step => Round(stage, step))];
        for (int old = 0; old < round; old++)
        {
            try
            {
                if (!needed.Contains(old))
                {
                    File.Delete(directory.TargetsPath(stage.Name, old));
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Somebody reads it: one file more than needed harms nothing.
            }
        }
    }
}
