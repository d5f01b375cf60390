using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>
/// The passes over the data that a method declares: made before the first step, every few epochs or at shares of the run, their
/// targets kept under the run's <c>targets/STAGE/round-000.npy</c> and put into the batches of the steps that follow.
/// </summary>
/// <param name="config">Resolved, with its number of steps.</param>
/// <param name="data">The training items.</param>
/// <param name="directory">Where targets are kept; null for a copy that is thrown away.</param>
/// <param name="note">Takes one sentence for people.</param>
internal sealed class StagePass(RunConfig config, Dataset data, RunDirectory? directory, Action<string> note)
{
    private const int BatchSize = 128;

    private static readonly ulong Stream = Philox.Hash("stage", "items");

    private StageTargets? targets;

    /// <summary>Makes the pass if one is due before this step.</summary>
    /// <param name="learner">Its method's buffers take what is fitted.</param>
    /// <param name="step">Steps done.</param>
    public void Before(Learner learner, long step)
    {
        if (learner.Method.Stage is not { } stage || RoundAt(stage, step) is not { } round)
        {
            return;
        }

        targets = Make(learner.Method, stage, round, step);
        if (targets is not null && directory is not null)
        {
            targets.Write(directory.TargetsPath(stage.Name, round));
            Prune(stage, round);
        }
    }

    /// <summary>Takes the targets that held when a checkpoint was written.</summary>
    /// <param name="learner">Restored.</param>
    /// <param name="step">Steps done, the checkpoint's.</param>
    /// <exception cref="TacitException">They are not there any more.</exception>
    public void Restore(Learner learner, long step)
    {
        if (learner.Method.Stage is { } stage && (stage.TargetsPerItem > 0 || stage.SamplesPerTarget > 0) && step > 0)
        {
            targets = StageTargets.Read(directory!.TargetsPath(stage.Name, RoundOf(stage, step)), stage, data.Count);
        }
    }

    /// <summary>The batch with its items' targets.</summary>
    public Batch WithTargets(Batch batch) => targets?.Into(batch) ?? batch;

    /// <summary>Optimiser steps from one pass to the next; longer than any run where there is only one.</summary>
    public long Interval(Stage stage) => stage.EveryEpochs == 0
        ? long.MaxValue
        : Math.Max(1, (long)Math.Round(stage.EveryEpochs * ConfigResolver.StepsPerEpoch(config.Train, data.Count)));

    /// <summary>The pass that is due before a step; null for none.</summary>
    private int? RoundAt(Stage stage, long step)
    {
        if (stage.Shares.Count > 0)
        {
            int at = stage.Shares.ToList().FindIndex(share => Due(share) == step);
            return at < 0 ? null : at;
        }

        return step % Interval(stage) == 0 ? (int)(step / Interval(stage)) : null;
    }

    /// <summary>The pass whose targets the step before this one used.</summary>
    private int RoundOf(Stage stage, long step) => stage.Shares.Count > 0
        ? stage.Shares.Count(share => Due(share) < step) - 1
        : (int)((step - 1) / Interval(stage));

    private long Due(double share) => (long)Math.Round(share * config.Train.Steps!.Value);

    private StageTargets? Make(Method method, Stage stage, int round, long step)
    {
        int[] items = [.. Enumerable.Range(0, data.Count)];
        if (stage.MostItems is { } most && most < items.Length)
        {
            items = Philox.Permutation(data.Count, config.Train.Seed, Stream, 0)[..most];
            Array.Sort(items);
        }

        InputFormat input = Inputs.Of(config);
        if (input is PictureInput picture)
        {
            input = picture with { Size = stage.Side(config.Data.Sizes?.At(step, config.Train.Steps!.Value) ?? picture.Size) };
        }

        var context = new StageContext(config.Train.Seed, round, note);
        method.Eval();
        try
        {
            return stage.SamplesPerTarget > 0
                ? Frames(stage, input, items, round, context)
                : Items(stage, input, items, context);
        }
        finally
        {
            method.Train();
        }
    }

    private StageTargets? Items(Stage stage, InputFormat input, int[] items, StageContext context)
    {
        Tensor rows = Tensor.Lasting(new Shape(items.Length, stage.Width));
        var seen = new List<int>(items.Length);
        foreach (Batch batch in input.Batches(data, BatchSize, items))
        {
            using Scope scope = Scope.NoGradient();
            stage.Look(batch, rows.Rows(seen.Count, batch.Size));
            seen.AddRange(batch.Items);
        }

        // A broken item is left out.
        Tensor found = seen.Count == items.Length ? rows : rows.Rows(0, seen.Count);
        return stage.Fit(found, [.. seen], data.Count, context) is { } values ? StageTargets.OfItems(values, data.Count) : null;
    }

    /// <summary>One pass to fit, over some of the items, and one to give every frame of every item its target.</summary>
    private StageTargets Frames(Stage stage, InputFormat input, int[] items, int round, StageContext context)
    {
        var parts = new List<float[]>();
        int width = 0;
        foreach (Batch batch in input.Batches(data, BatchSize, items))
        {
            using Scope scope = Scope.NoGradient();
            (Tensor rows, int[] counts) = stage.LookFrames(batch, round);
            width = rows.Shape[1];
            parts.Add(rows.Span[..(counts.Sum() * width)].ToArray());
        }

        Tensor all = Tensor.Lasting(new Shape(parts.Sum(p => p.Length) / width, width));
        int at = 0;
        foreach (float[] part in parts)
        {
            part.CopyTo(all.Span[at..]);
            at += part.Length;
        }

        _ = stage.Fit(all, items, data.Count, context);
        var values = new int[data.Count][];
        foreach (Batch batch in input.Batches(data, BatchSize))
        {
            using Scope scope = Scope.NoGradient();
            (Tensor rows, int[] counts) = stage.LookFrames(batch, round);
            int[] assigned = stage.Assign(rows, round);
            for (int i = 0, first = 0; i < batch.Size; first += counts[i++])
            {
                values[batch.Items[i]] = assigned[first..(first + counts[i])];
            }
        }

        return StageTargets.OfFrames([.. values.Select(v => v ?? [])], stage.SamplesPerTarget);
    }

    /// <summary>Takes away the targets that no checkpoint goes on with any more.</summary>
    private void Prune(Stage stage, int round)
    {
        HashSet<int> needed = [round, .. directory!.CheckpointSteps().Where(step => step > 0).Select(step => RoundOf(stage, step))];
        for (int old = 0; old < round; old++)
        {
            if (!needed.Contains(old))
            {
                StageTargets.Delete(directory.TargetsPath(stage.Name, old));
            }
        }
    }
}
