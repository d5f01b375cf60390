using System.Diagnostics;
using System.Text.Json;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>Events in Chrome's trace format: <c>chrome://tracing</c> and ui.perfetto.dev open it.</summary>
internal static class TraceFile
{
    public static void Write(string path, IReadOnlyList<ProfileEvent> events)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            long origin = events.Count > 0 ? events.Min(e => e.Start) : 0;
            json.WriteStartObject();
            json.WriteString("displayTimeUnit", "ms");
            json.WriteStartArray("traceEvents");
            foreach (ProfileEvent e in events)
            {
                json.WriteStartObject();
                json.WriteString("name", e.Name);
                json.WriteString("cat", e.Pass switch { Pass.Forward => "forward", Pass.Backward => "backward", _ => "part" });
                json.WriteString("ph", "X");
                json.WriteNumber("ts", Microseconds(origin, e.Start));
                json.WriteNumber("dur", Microseconds(e.Start, e.End));
                json.WriteNumber("pid", 1);
                json.WriteNumber("tid", 1);
                if (e.Pass != Pass.Part)
                {
                    json.WriteStartObject("args");
                    json.WriteNumber("GFLOP", Math.Round(e.Operations / 1e9, 6));
                    json.WriteNumber("MB", Math.Round(e.Bytes / 1e6, 6));
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        AtomicFile.Write(path, stream => stream.Write(memory.GetBuffer(), 0, (int)memory.Length));
    }

    private static double Microseconds(long from, long to) => Math.Round(Stopwatch.GetElapsedTime(from, to).TotalMicroseconds, 1);
}
