namespace Tacit.Cli;

/// <summary>Turns what went wrong into an exit code and one sentence; only a mistake of Tacit's own shows its stack.</summary>
internal static class Failure
{
    // The operating systems' codes behind IOException.HResult: ENOSPC, ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL.
    private static readonly int[] DiskFull = [28, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    public static (int Code, string Sentence) Describe(Exception error) => error switch
    {
        ConfigurationException => (ExitCode.Usage, error.Message),
        TacitException => (ExitCode.Failed, error.Message),
        OperationCanceledException => (ExitCode.Interrupted, "Interrupted."),
        UnauthorizedAccessException => (ExitCode.Failed, $"{Sentence(error)} Check the permissions, or choose another place with --out."),
        IOException when DiskFull.Contains(error.HResult) => (ExitCode.Failed, $"The disk is full: {Sentence(error)} Free some space and try again; a run goes on with --resume."),
        IOException => (ExitCode.Failed, Sentence(error)),
        OutOfMemoryException => (ExitCode.Failed, "There is not enough memory: try a smaller --batch-size, picture size or model."),
        AggregateException { InnerExceptions.Count: 1 } => Describe(error.InnerException!),
        _ => (ExitCode.Failed, $"Tacit made a mistake, please report it: {error}"),
    };

    private static string Sentence(Exception error) => error.Message.EndsWith('.') ? error.Message : error.Message + ".";
}
