using System.Globalization;
using System.Text;

namespace Tacit.Data.Sounds;

/// <summary>The text header of a NIST SPHERE file: lines of a name, a type and a value, filled up to a stated size.</summary>
internal static class SphereHeader
{
    private const int MaxBytes = 1 << 20;
    private static ReadOnlySpan<byte> Magic => "NIST_1A\n"u8;

    public static bool IsSphere(ReadOnlySpan<byte> first) => first.StartsWith(Magic);

    public static PcmLayout Read(SoundInput input)
    {
        ReadOnlySpan<byte> head = input.Peek(16);
        if (head.Length < 16)
        {
            throw Truncated();
        }

        if (!int.TryParse(Encoding.ASCII.GetString(head[8..16]), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int size)
            || size is < 16 or > MaxBytes)
        {
            throw Corrupt("its header's size is no number that could be meant");
        }

        ReadOnlySpan<byte> header = input.Peek(size);
        if (header.Length < size)
        {
            throw Truncated();
        }

        Dictionary<string, string> fields = Fields(Encoding.Latin1.GetString(header[16..size]));
        string coding = fields.GetValueOrDefault("sample_coding", "pcm");
        if (coding.Contains("shorten", StringComparison.OrdinalIgnoreCase) || coding.Contains("embedded", StringComparison.OrdinalIgnoreCase))
        {
            throw new SoundException($"The SPHERE sound is compressed ({coding}), which is not supported; expand it with sph2pipe or w_decode.");
        }

        if (fields.GetValueOrDefault("channels_interleaved", "TRUE").Equals("FALSE", StringComparison.OrdinalIgnoreCase))
        {
            throw new SoundException("The SPHERE sound has one channel behind the other, which is not supported; interleave them.");
        }

        PcmEncoding encoding = coding switch
        {
            "pcm" or "linear" => PcmEncoding.Signed,
            "ulaw" or "mu-law" or "mulaw" => PcmEncoding.MuLaw,
            "alaw" or "a-law" => PcmEncoding.ALaw,
            _ => throw new SoundException($"The SPHERE sound's coding \"{Shown(coding)}\" is not supported; pcm, ulaw and alaw are."),
        };
        int sampleBytes = (int)Number(fields, "sample_n_bytes", encoding == PcmEncoding.Signed ? 2 : 1);
        if (encoding == PcmEncoding.Signed ? sampleBytes is < 1 or > 4 : sampleBytes != 1)
        {
            throw Corrupt($"it claims {sampleBytes} bytes a sample");
        }

        string order = fields.GetValueOrDefault("sample_byte_format", string.Empty);
        bool isBigEndian = sampleBytes > 1 && order switch
        {
            // Two digits are written for longer samples too.
            "01" or "012" or "0123" => false,
            "10" or "210" or "3210" => true,
            "" => throw Corrupt("it does not say which byte of a sample comes first"),
            _ => throw new SoundException($"The SPHERE sound's byte order \"{Shown(order)}\" is not supported."),
        };
        long channels = Number(fields, "channel_count", 1);
        long rate = Number(fields, "sample_rate", null);
        long frames = Number(fields, "sample_count", -1);
        SoundLimits.Check(new SoundInfo("SPHERE", (int)Math.Clamp(rate, -1, int.MaxValue), (int)Math.Clamp(channels, -1, int.MaxValue), sampleBytes * 8, frames < 0 ? -1 : frames));
        if (frames > long.MaxValue / 4 / channels)
        {
            throw Corrupt($"it claims {frames} samples");
        }

        return new PcmLayout("SPHERE", (int)rate, (int)channels, encoding, sampleBytes, isBigEndian, size, frames < 0 ? -1 : frames * channels * sampleBytes);
    }

    private static Dictionary<string, string> Fields(string header)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in header.Split('\n'))
        {
            string[] parts = line.Trim().Split((char[])[' ', '\t'], 3, StringSplitOptions.RemoveEmptyEntries);
            if (parts is ["end_head", ..])
            {
                return fields;
            }

            if (parts.Length == 3)
            {
                fields[parts[0]] = parts[2].Trim();
            }
        }

        throw Corrupt("its header has no end");
    }

    private static long Number(Dictionary<string, string> fields, string name, long? byDefault)
    {
        if (!fields.TryGetValue(name, out string? text))
        {
            return byDefault ?? throw Corrupt($"its header does not state {name}");
        }

        // Some rates are written as reals.
        return double.TryParse(text, CultureInfo.InvariantCulture, out double value) && value is >= -1 and <= 1e15
            ? (long)value
            : throw Corrupt($"{name} is \"{Shown(text)}\"");
    }

    private static string Shown(string text) => new([.. text.Take(40).Select(c => char.IsControl(c) ? '?' : c)]);

    private static SoundException Truncated() => new("The SPHERE sound is truncated: the file ends before its samples begin.");

    private static SoundException Corrupt(string what) => new($"The SPHERE sound is corrupt: {what}.");
}
