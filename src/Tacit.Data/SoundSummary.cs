namespace Tacit.Data;

/// <summary>The least, the middle and the most of some number of seconds; of an even count the lower middle.</summary>
public readonly record struct LengthSpread(double Min, double Median, double Max)
{
    internal static LengthSpread Of(double[] seconds)
    {
        if (seconds.Length == 0)
        {
            return default;
        }

        double[] sorted = [.. seconds.Order().Select(s => Math.Round(s, 4))];
        return new LengthSpread(sorted[0], sorted[(sorted.Length - 1) / 2], sorted[^1]);
    }
}

/// <summary>What is in a data set of recordings: what <c>tacit data info</c> prints.</summary>
public sealed record SoundSummary
{
    /// <summary>What was given as data.</summary>
    public required string Path { get; init; }

    /// <summary>The form that was recognised: "class folders", "LibriSpeech tree" …</summary>
    public required string Form { get; init; }

    /// <summary>Recordings that can be used, odd ones included.</summary>
    public required int Items { get; init; }

    /// <summary>Their seconds together.</summary>
    public required double Seconds { get; init; }

    /// <summary>Their seconds each.</summary>
    public required LengthSpread Lengths { get; init; }

    /// <summary>Kinds of file ("WAV", "FLAC", "SPHERE", "ffmpeg") and how many there are of each, the most common first.</summary>
    public required IReadOnlyList<(string Format, int Count)> Formats { get; init; }

    /// <summary>Samples a second as stored, the most common first.</summary>
    public required IReadOnlyList<(int Rate, int Count)> Rates { get; init; }

    /// <summary>Channels as stored, the most common first.</summary>
    public required IReadOnlyList<(int Channels, int Count)> Channels { get; init; }

    /// <summary>Bits of a sample as stored, the most common first.</summary>
    public required IReadOnlyList<(int Bits, int Count)> Bits { get; init; }

    /// <summary>Samples a second that encoders are given by default.</summary>
    public required int ReadRate { get; init; }

    /// <summary>Each class's name, how many usable recordings it has, and their seconds; empty where nothing is labelled.</summary>
    public required IReadOnlyList<(string Name, int Count, double Seconds)> Classes { get; init; }

    /// <summary>Usable recordings without a label, in a data set that has labels.</summary>
    public required int Unlabelled { get; init; }

    /// <summary>Who speaks in how many usable recordings, by name; empty where nothing says it.</summary>
    public required IReadOnlyList<(string Name, int Count)> Speakers { get; init; }

    /// <summary>Usable recordings of which it is known what is said.</summary>
    public required int Transcripts { get; init; }

    /// <summary>Bytes of the files that usable recordings come from.</summary>
    public required long Bytes { get; init; }

    /// <summary>Usable recordings in which nothing can be heard: below -60 dB of full scale.</summary>
    public required IReadOnlyList<string> Silent { get; init; }

    /// <summary>Usable recordings of whose samples at least one in a thousand is at full scale, and the share.</summary>
    public required IReadOnlyList<(string Name, double Share)> Clipped { get; init; }

    /// <summary>Usable recordings shorter than one receptive field of the encoders of waveforms, 25 ms: padded with zeros.</summary>
    public required IReadOnlyList<string> TooShort { get; init; }

    /// <summary>Usable recordings whose file is odd, and why: a header that claims more than there is, for example.</summary>
    public required IReadOnlyList<BrokenItem> Odd { get; init; }

    /// <summary>What cannot be used, and why, by name.</summary>
    public required IReadOnlyList<BrokenItem> Broken { get; init; }

    /// <summary>Files that are neither recordings nor licences and readmes.</summary>
    public required int Ignored { get; init; }

    /// <summary>What is odd about the data set as a whole.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
