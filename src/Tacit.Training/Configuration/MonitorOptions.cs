using Tacit.Methods;

namespace Tacit.Training;

/// <summary>Looking at the representation while it is trained, on pictures of the training set only.</summary>
public sealed record MonitorOptions
{
    /// <summary>In optimiser steps; auto is a tenth of the run, 0 looks only before the first step and after the last, which is always done.</summary>
    public long? Every { get; init; }

    /// <summary>Pictures for the label-free scores, at most.</summary>
    public int Items { get; init; } = 1024;

    /// <summary>Labelled pictures that the online kNN votes with, at most; 0 switches it off.</summary>
    public int KnnBank { get; init; } = 4096;

    /// <summary>Labelled pictures held against the bank, at most; never of the test set.</summary>
    public int KnnQueries { get; init; } = 1024;

    /// <summary>Neighbours that vote, and the temperature of their votes: Wu et al. 2018 with the k = 200, T = 0.1 of the published tables.</summary>
    public int KnnK { get; init; } = 200;

    public float KnnTemperature { get; init; } = 0.1f;

    /// <summary>Ends a run that has collapsed, its checkpoint kept. It is always reported.</summary>
    public bool StopOnCollapse { get; init; }

    internal static OptionTable<MonitorOptions> Table { get; } = new OptionTable<MonitorOptions>()
        .WholeOrAuto("every", o => o.Every, (o, v) => o with { Every = v }, new Interval(0, 1e12))
        .Whole("items", o => o.Items, (o, v) => o with { Items = (int)v }, new Interval(2, 1 << 20))
        .Whole("knn-bank", o => o.KnnBank, (o, v) => o with { KnnBank = (int)v }, new Interval(0, 1 << 24))
        .Whole("knn-queries", o => o.KnnQueries, (o, v) => o with { KnnQueries = (int)v }, new Interval(1, 1 << 24))
        .Whole("knn-k", o => o.KnnK, (o, v) => o with { KnnK = (int)v }, new Interval(1, 1 << 20))
        .Number("knn-temperature", o => o.KnnTemperature, (o, v) => o with { KnnTemperature = v }, Interval.Positive)
        .Flag("stop-on-collapse", o => o.StopOnCollapse, (o, v) => o with { StopOnCollapse = v });
}
