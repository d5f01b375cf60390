using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Tacit.EndToEnd;

/// <summary>
/// A run that is killed at any moment and resumed ends with the very bytes of one that was not; so does one with another
/// number of threads.
/// </summary>
public sealed class ResumeTests
{
    private const int Steps = 240;
    private const int Kills = 5;
    private const int Interrupt = 2;        // SIGINT
    private const int Interrupted = 130;

    [Fact]
    public async Task Killed_five_times_or_on_one_thread_the_encoder_is_the_same_to_the_bit()
    {
        using var folder = new Folder();
        string data = TinyPictures.Folders(folder["data"], 16);
        string whole = Encoder(Command(data, folder["whole"], "--threads", "2"), folder["whole"], out TimeSpan time);
        string single = Encoder(Command(data, folder["single"], "--threads", "1"), folder["single"], out _);

        string[] command = Command(data, folder["killed"], "--resume");
        var moments = new List<string>();
        for (int kill = 0; kill < Kills; kill++)
        {
            // Somewhere between the start and the time that a whole run needs, less and less likely to reach its end.
            double seconds = time.TotalSeconds * (0.15 + (0.35 * RandomNumberGenerator.GetInt32(1000) / 1000));
            moments.Add(seconds.ToString("0.000", CultureInfo.InvariantCulture));
            using Process process = Cli.Start(folder.Path, command);
            Task<string> output = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            if (!process.WaitForExit(TimeSpan.FromSeconds(seconds)))
            {
                process.Kill();
                process.WaitForExit();
            }
            else
            {
                Assert.True(process.ExitCode == 0, await output);
            }
        }

        string killed = Encoder(command, folder["killed"], out _);

        Assert.Equal(whole, single);
        Assert.True(whole == killed, $"killed after {string.Join(", ", moments)} s");
    }

    [Fact]
    public async Task Ctrl_C_finishes_the_step_and_the_run_can_go_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        using var folder = new Folder();
        string data = TinyPictures.Folders(folder["data"], 16);
        string[] command = Command(data, folder["run"]);
        using Process process = Cli.Start(folder.Path, command);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        WaitFor(() => File.Exists(folder["run", "metrics.jsonl"]) && new FileInfo(folder["run", "metrics.jsonl"]).Length > 0, process);
        Cli.Signal(process, Interrupt);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)), "it did not stop");

        string said = await error;
        Assert.True(process.ExitCode == Interrupted, said);
        Assert.Contains("--resume", said, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(folder["run", "checkpoints"], "step-*.safetensors"));
        Assert.False(File.Exists(folder["run", "encoder.safetensors"]));

        Outcome resumed = Cli.Run([.. command, "--resume"]);
        Assert.Equal(0, resumed.Code);
        Assert.True(File.Exists(folder["run", "encoder.safetensors"]));
    }

    private static string[] Command(string data, string run, params string[] more) =>
        [.. WorkflowTests.SmallRun.Pretrain(data, run, Steps), "--set", "checkpoint.every=9", "--set", "monitor.every=60", .. more];

    private static string Encoder(string[] command, string run, out TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        Outcome outcome = Cli.Run(command);
        time = Stopwatch.GetElapsedTime(start);
        Assert.True(outcome.Code == 0, outcome.Error);
        return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(run, "encoder.safetensors"))));
    }

    private static void WaitFor(Func<bool> condition, Process process)
    {
        for (int i = 0; i < 600 && !process.HasExited && !condition(); i++)
        {
            Thread.Sleep(50);
        }

        Assert.False(process.HasExited, "it ended before it could be interrupted");
    }
}
