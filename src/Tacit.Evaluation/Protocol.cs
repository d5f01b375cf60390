namespace Tacit.Evaluation;

/// <summary>A way to judge an encoder: learn from labelled items, then name the classes of others.</summary>
public abstract class Protocol
{
    /// <summary>What <c>--protocol</c> and results call it.</summary>
    public abstract string Name { get; }

    /// <summary>What was used and chosen in the last prediction, for people: "k = 200, T = 0.1".</summary>
    public abstract string Detail { get; }

    /// <summary>Which choice of labels is learned from, counted from 0; what else is drawn by chance moves with it.</summary>
    public int Draw { get; set; }

    /// <summary>The class of each test item; the test items' own labels are not looked at.</summary>
    /// <returns>One index into the training table's classes per test item.</returns>
    public abstract int[] Predict(FeatureTable train, FeatureTable test);
}
