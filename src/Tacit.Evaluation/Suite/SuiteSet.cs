namespace Tacit.Evaluation.Suite;

/// <summary>A set that tasks are made of.</summary>
/// <param name="Name">Its file's name in <c>--data</c>, without <c>.tar</c>; it may be a folder as well.</param>
/// <param name="What">What is in it, and how it is arranged.</param>
/// <param name="Where">Where it is published.</param>
public sealed record SuiteSet(string Name, string What, string Where)
{
    private const string Commands = "Speech Commands v2, words in class folders with _unknown_ and _silence_, named SPEAKER_nohash_N";
    private const string CommandsAt = "https://www.tensorflow.org/datasets/catalog/speech_commands";
    private const string Libri = "a LibriSpeech tree with its transcripts";
    private const string LibriAt = "https://www.openslr.org/12";
    private const string Digits = "spoken digits named DIGIT_SPEAKER_INDEX.wav";
    private const string DigitsAt = "https://github.com/Jakobovski/free-spoken-digit-dataset";

    /// <summary>Every set there is.</summary>
    public static IReadOnlyList<SuiteSet> All { get; } =
    [
        new("speech-commands-train", Commands, CommandsAt),
        new("speech-commands-test", Commands + ", of other speakers", CommandsAt),
        new("librispeech-train", Libri, LibriAt),
        new("librispeech-test", Libri + ", of other speakers", LibriAt),
        new("fsdd-train", Digits, DigitsAt),
        new("fsdd-test", Digits, DigitsAt),
        new("emodb-4class", "EMO-DB, utterances in one folder an emotion under their own names", "http://emodb.bilderbar.info"),
        new("cmudict-en-us.dict.gz", "the CMU pronouncing dictionary, a word and its phones a line", "https://github.com/cmusphinx/cmudict"),
    ];

    /// <summary>The set of a name.</summary>
    public static SuiteSet Of(string name) => All.First(s => s.Name == name);
}
