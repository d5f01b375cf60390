using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// A self-supervised method: what it needs to see, its heads, its loss for one batch, and what happens after the optimiser's
/// step. It never touches files, threads, epochs or the console.
/// </summary>
public abstract class Method : Module
{
    protected Method(Backbone backbone) => Backbone = Add("backbone", backbone);

    /// <summary>The encoder being trained: what remains after pre-training.</summary>
    public Backbone Backbone { get; }

    /// <summary>The views of each picture that the loader makes; null for a method that takes no pictures.</summary>
    public virtual ViewPlan? Views => null;

    /// <summary>
    /// The views of each recording that the loader makes; null for a method that takes none. What compares two crops of a picture
    /// compares two views of the same seconds of sound.
    /// </summary>
    public virtual SoundPlan? Sounds => Views is { ViewCount: 2, LocalCount: 0 } ? new SoundPlan(2) : null;

    /// <summary>The loss of one batch, a scalar on the open scope's tape, with named values beside it.</summary>
    /// <param name="batch">Views [V·N, ..], all items' view 0 first.</param>
    /// <param name="diagnostics">Takes similarities, accuracies and parts of the loss.</param>
    public abstract Tensor Loss(Batch batch, Diagnostics diagnostics);

    /// <summary>The value of the loss for a representation that tells nothing apart, or null where there is none: what "useless" means.</summary>
    public virtual double? ChanceLoss(int batchSize) => null;

    /// <summary>A pass over the data that the method needs before its first step or every few epochs; null where it needs none.</summary>
    public virtual Stage? Stage => null;

    /// <summary>What the next step takes of the scheduled learning rate: for methods whose parts learn one after the other, at rates of their own.</summary>
    public virtual double LrScale => 1;

    /// <summary>Sets what depends on how far the run is: temperatures, what is frozen. A pure function of its arguments.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="steps">Steps of the whole run.</param>
    public virtual void BeforeStep(long step, long steps) { }

    /// <summary>Momentum teacher, queue, centre, prototypes: whatever moves after the optimiser's update.</summary>
    /// <param name="step">Steps done, this one included.</param>
    /// <param name="steps">Steps of the whole run.</param>
    public virtual void AfterStep(long step, long steps) { }
}
