namespace Tacit.Training;

/// <summary>What a pre-training run came to, as <c>pretrain --json</c> prints it.</summary>
/// <param name="Run">The run's directory.</param>
/// <param name="Steps">Optimiser steps done, by all sittings of the run together.</param>
/// <param name="Samples">Items seen, repetitions counted.</param>
/// <param name="Seconds">Of training, by all sittings together up to the last checkpoint.</param>
/// <param name="Loss">Mean of the last logged step; NaN where none was logged.</param>
/// <param name="Verdict">healthy, suspicious or collapsed.</param>
/// <param name="Interrupted">Whether it was stopped before its last step, with a checkpoint to resume from.</param>
public sealed record RunResult(string Run, long Steps, long Samples, double Seconds, double Loss, string Verdict, bool Interrupted);
