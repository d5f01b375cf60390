using Tacit.Data.Loading;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// A pass over the data in index order, before the first step or every few epochs, from which a method fits something
/// (clusters, a palette, statistics) and may give every item targets, which come back in
/// <see cref="Batch.Targets"/> or <see cref="Batch.FrameTargets"/>.
/// </summary>
/// <remarks>What <see cref="Fit"/> finds besides targets belongs into the method's buffers: the checkpoint holds those.</remarks>
public abstract class Stage
{
    /// <summary>Lower case with hyphens: the folder under <c>targets/</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The pass is made again every so many epochs; 0 for once, before the first step.</summary>
    public virtual int EveryEpochs => 0;

    /// <summary>The pass is made at these shares of the run instead, the first 0: HuBERT's iterations. Empty for every few epochs, or once.</summary>
    public virtual IReadOnlyList<double> Shares => [];

    /// <summary>Only so many items are looked at, drawn once from the seed; null for all.</summary>
    public virtual int? MostItems => null;

    /// <summary>
    /// Samples from one target to the next, where every frame of a recording gets one: then <see cref="LookFrames"/> and
    /// <see cref="Assign"/> are called, and not <see cref="Look"/>. 0 where targets are of items.
    /// </summary>
    public virtual int SamplesPerTarget => 0;

    /// <summary>Targets of one item; 0 where only the method's buffers are fitted.</summary>
    public virtual int TargetsPerItem => 0;

    /// <summary>Numbers that are kept of one item for <see cref="Fit"/>.</summary>
    public virtual int Width => 0;

    /// <summary>The side in pixels at which the pass shows pictures, each resized and its middle cut out.</summary>
    /// <param name="side">The side of the training views at this step.</param>
    public virtual int Side(int side) => side;

    /// <summary>What is kept of a batch; called in a no-gradient scope, the method in evaluation mode.</summary>
    /// <param name="batch">One view an item, in index order.</param>
    /// <param name="rows">[Size, Width], to be filled.</param>
    public virtual void Look(Batch batch, Tensor rows) => throw new NotSupportedException($"{Name} looks at frames.");

    /// <summary>What is kept of the frames of a batch of recordings; called in a no-gradient scope, the method in evaluation mode.</summary>
    /// <param name="batch">One view an item, whole.</param>
    /// <param name="round">0 for the first pass of a run, 1 for the next …</param>
    /// <returns>The frames of all items one after the other, [sum of counts, any width], and how many each item has.</returns>
    public virtual (Tensor Rows, int[] Counts) LookFrames(Batch batch, int round) => throw new NotSupportedException($"{Name} looks at items.");

    /// <summary>The target of each frame by what was fitted, -1 for none.</summary>
    /// <param name="rows">As <see cref="LookFrames"/> gives them.</param>
    /// <param name="round">The pass.</param>
    public virtual int[] Assign(Tensor rows, int round) => throw new NotSupportedException($"{Name} looks at items.");

    /// <summary>Fits what the method asks for; called once all rows are there.</summary>
    /// <param name="rows">[looked at, Width], a row an item; or a row a frame.</param>
    /// <param name="items">Each row's number in the data set, ascending; broken pictures are missing.</param>
    /// <param name="count">Items of the data set.</param>
    /// <param name="context">The pass's randomness, and where to say what was adapted.</param>
    /// <returns>[count · TargetsPerItem], -1 for none; null where there are no targets, or where they are frames'.</returns>
    public abstract int[]? Fit(Tensor rows, int[] items, int count, StageContext context);
}

/// <summary>What a fit may use besides its rows.</summary>
/// <param name="Seed">Of the run.</param>
/// <param name="Round">0 for the first pass of a run, 1 for the next …: the step of the fit's random numbers.</param>
/// <param name="Note">Takes one sentence for people.</param>
public sealed record StageContext(ulong Seed, int Round, Action<string> Note);
