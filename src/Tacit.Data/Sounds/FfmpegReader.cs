using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Tacit.Data.Sounds;

/// <summary>
/// Lets the program ffmpeg decode what is not decoded here, into a pipe of 32-bit floats that is read as a WAV file. It may
/// open the one file and nothing else, gives at most 100 hours, and is ended if it is silent for 30 seconds.
/// </summary>
internal sealed class FfmpegReader : SoundReader
{
    private const int MaxSeconds = 360_000;
    private const long MaxCopyBytes = 4L << 30;
    private readonly TimeSpan maxSilence;
    private readonly SoundInput input;
    private readonly string program;
    private readonly string file;
    private readonly bool isCopy;
    private readonly string kind;
    private Process? process;
    private Timer? watch;
    private PcmReader? pipe;
    private volatile string? complaint;
    private volatile bool isLate;

    private FfmpegReader(SoundInput input, string program, string file, bool isCopy, string kind, TimeSpan maxSilence)
    {
        (this.input, this.program, this.file, this.isCopy, this.kind, this.maxSilence) = (input, program, file, isCopy, kind, maxSilence);
        try
        {
            Start();
            SoundInfo inner = pipe!.Info;
            Info = new SoundInfo("ffmpeg", inner.Rate, inner.Channels, inner.Bits, -1);
        }
        catch
        {
            Dispose(true);
            throw;
        }
    }

    /// <summary>The program's path, by the folders of PATH; null where there is none.</summary>
    public static string? Find()
    {
        string name = OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";
        return (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }

    /// <param name="stream">What the input reads: a whole file of the disk is decoded where it lies, anything else is copied to one.</param>
    /// <param name="input">Taken over.</param>
    /// <param name="kind">For messages.</param>
    /// <param name="program">Where ffmpeg is, or null.</param>
    /// <param name="maxSilence">How long the program may give nothing; null for 30 seconds.</param>
    public static FfmpegReader Open(Stream stream, SoundInput input, string kind, string? program, TimeSpan? maxSilence = null)
    {
        TimeSpan silence = maxSilence ?? TimeSpan.FromSeconds(30);
        if (program is null)
        {
            throw new SoundException($"The sound is of the kind {kind}, which is decoded through ffmpeg, and that is not on this machine's PATH; install it or convert the file to FLAC or WAV.");
        }

        input.Seek(0);
        if (stream is FileStream { Name: { Length: > 0 } name } whole && File.Exists(name) && whole.Length == input.Length)
        {
            return new FfmpegReader(input, program, Path.GetFullPath(name), isCopy: false, kind, silence);
        }

        string copy = Path.GetTempFileName();
        try
        {
            using (FileStream to = File.Create(copy))
            {
                for (ReadOnlySpan<byte> bytes; (bytes = input.Peek(1)).Length > 0; input.Advance(bytes.Length))
                {
                    to.Write(to.Length + bytes.Length <= MaxCopyBytes ? bytes : throw new SoundException($"The {kind} sound has more than {MaxCopyBytes >> 30} GB."));
                }
            }
        }
        catch
        {
            File.Delete(copy);
            throw;
        }

        return new FfmpegReader(input, program, copy, isCopy: true, kind, silence);
    }

    public override int Read(Span<float> interleaved)
    {
        if (interleaved.Length < Info.Channels)
        {
            return 0;
        }

        watch!.Change(maxSilence, Timeout.InfiniteTimeSpan);
        int got = pipe!.Read(interleaved);
        watch.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (got == 0)
        {
            CheckEnd();
        }

        Position += got / Info.Channels;
        return got;
    }

    public override int ReadIntegers(Span<int> interleaved) => throw new SoundException("What ffmpeg decodes is given as floats.");

    /// <summary>Forward by reading; backward by beginning anew.</summary>
    public override void Seek(long frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        if (frame < Position)
        {
            Stop();
            Start();
            Position = 0;
        }

        float[] skipped = new float[Info.Channels * 4096];
        for (int got = 1; Position < frame && got > 0;)
        {
            got = Read(skipped.AsSpan(0, Info.Channels * (int)Math.Min(4096, frame - Position)));
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        Stop();
        if (isCopy)
        {
            File.Delete(file);
        }

        input.Dispose();
    }

    private void Start()
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        string[] arguments =
        [
            "-v", "error", "-nostdin", "-protocol_whitelist", "file,pipe", "-i", "file:" + file, "-map", "0:a:0", "-t", MaxSeconds.ToString(CultureInfo.InvariantCulture),
            "-c:a", "pcm_f32le", "-f", "wav", "pipe:1",
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new SoundException($"{program} cannot be started to decode a {kind} sound: {error.Message}", error);
        }

        process.StandardInput.Close();
        process.ErrorDataReceived += (_, line) => complaint ??= string.IsNullOrWhiteSpace(line.Data) ? null : line.Data.Replace("file:" + file, "the file", StringComparison.Ordinal).TrimEnd('.');
        process.BeginErrorReadLine();
        Process watched = process;
        watch = new Timer(_ => End(watched), null, maxSilence, Timeout.InfiniteTimeSpan);
        var output = new SoundInput(process.StandardOutput.BaseStream, -1, leaveOpen: false);
        if (output.Peek(12).Length < 12)
        {
            CheckEnd();
            throw new SoundException($"ffmpeg finds no sound in the {kind} file.");
        }

        pipe = new PcmReader(output, WavHeader.Read(output, out _)!);
        watch.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void End(Process watched)
    {
        isLate = true;
        try
        {
            watched.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>The pipe has ended: whether the program did so content.</summary>
    private void CheckEnd()
    {
        if (!process!.WaitForExit(maxSilence) || isLate)
        {
            End(process);
            throw new SoundException($"ffmpeg gave nothing of the {kind} sound for {maxSilence.TotalSeconds} seconds and was ended.");
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new SoundException($"ffmpeg cannot decode the {kind} sound: {complaint ?? $"it ended with code {process.ExitCode}"}.");
        }

        if (complaint is { } said && Warnings.Count == 0)
        {
            Warn($"ffmpeg says of the {kind} sound: {said}.");
        }
    }

    private void Stop()
    {
        watch?.Dispose();
        if (process is not null)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            pipe?.Dispose();
            process.Dispose();
        }

        (process, pipe, complaint, isLate) = (null, null, null, false);
    }
}
