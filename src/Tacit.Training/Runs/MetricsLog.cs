using System.Buffers;
using System.Text;
using System.Text.Json;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>metrics.jsonl: one JSON object a line, by ascending step.</summary>
internal sealed class MetricsLog : IDisposable
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    private readonly ArrayBufferWriter<byte> buffer = new(1024);
    private readonly Utf8JsonWriter json;
    private readonly FileStream stream;
    private readonly string path;

    /// <summary>Opens the log for what comes after a step; lines of later steps, and a last line cut short, are taken away.</summary>
    public MetricsLog(string path, long lastStep)
    {
        this.path = path;
        if (File.Exists(path))
        {
            AtomicFile.WriteText(path, string.Concat(File.ReadLines(path).TakeWhile(line => StepOf(line) is { } step && step <= lastStep).Select(line => line + "\n")));
        }

        try
        {
            stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(error);
        }

        json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Appends one line and hands it to the operating system at once.</summary>
    public void Write(long step, StepLogged? logged, double? monitorSeconds, MonitorReading? reading, HealthReport? health)
    {
        json.WriteStartObject();
        json.WriteNumber("step"u8, step);
        json.WriteNumber("epoch"u8, Math.Round(logged?.Epoch ?? 0, 6));
        if (logged is not null)
        {
            Number("loss", logged.Loss);
            Number("lr", logged.LearningRate);
            Number("grad_norm", logged.GradientNorm);
            Number("samples_per_second", Math.Round(logged.SamplesPerSecond, 2));
            Number("data_wait", Math.Round(logged.DataWait, 5));
            foreach ((string name, double value) in logged.Diagnostics)
            {
                Number(name, value);
            }

            foreach ((string name, double[] counts) in logged.Histograms)
            {
                json.WriteStartArray($"{name}_histogram");
                foreach (double count in counts)
                {
                    json.WriteNumberValue(count);
                }

                json.WriteEndArray();
            }
        }

        if (reading is not null)
        {
            Number("deviation", reading.Deviation);
            Number("rankme", reading.RankMe);
            Number("alignment", reading.Alignment);
            Number("uniformity", reading.Uniformity);
            if (reading.Knn is { } knn)
            {
                Number("knn", knn);
            }

            Number("monitor_seconds", Math.Round(monitorSeconds ?? 0, 3));
        }

        if (health is not null)
        {
            json.WriteString("health"u8, health.Word);
            if (health.Reasons.Count > 0)
            {
                json.WriteStartArray("reasons"u8);
                foreach (string reason in health.Reasons)
                {
                    json.WriteStringValue(reason);
                }

                json.WriteEndArray();
            }
        }

        json.WriteEndObject();
        json.Flush();
        try
        {
            // One write call a line: a process killed in between leaves whole lines, or one cut short at the end.
            buffer.Write(NewLine);
            stream.Write(buffer.WrittenSpan);
            stream.Flush();
        }
        catch (IOException error)
        {
            throw Unwritable(error);
        }

        buffer.ResetWrittenCount();
        json.Reset();
    }

    public void Dispose()
    {
        json.Dispose();
        stream.Dispose();
    }

    /// <summary>The step of a line, or null where it is not a whole one.</summary>
    internal static long? StepOf(string line)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(line));
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("step"u8, out JsonElement step) && step.TryGetInt64(out long value)
                ? value
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>JSON has no NaN and no infinity: they are written as texts.</summary>
    private void Number(string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteString(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private TacitException Unwritable(Exception error) =>
        new($"'{path}' could not be written: {error.Message.TrimEnd('.')}. The last checkpoint is untouched; make room and go on with --resume.", error);
}
