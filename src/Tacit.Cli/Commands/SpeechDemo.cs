using System.Diagnostics;
using Tacit.Data;
using Tacit.Evaluation;
using Tacit.Training;

namespace Tacit.Cli.Commands;

/// <summary>
/// <c>tacit demo speech</c>: the whole story on recordings that come with Tacit. An encoder hears telephone announcements in five languages
/// without knowing that they are five, then tells from one second of a new one which language it is, by five labelled ones each.
/// </summary>
internal static class SpeechDemo
{
    private const double Seconds = 1;

    public static int Run(string directory, Screen screen, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        string folder = Path.Combine(AppContext.BaseDirectory, "DemoData", "speech");
        using SoundDataset train = SoundDataset.Open(Path.Combine(folder, "train.tar")), test = SoundDataset.Open(Path.Combine(folder, "test.tar"));
        using SoundDataset labelled = train.Cut(Seconds);
        RunConfig config = ConfigBinder.Bind("cola", Path.Combine(folder, "recipe.yaml"), [], train);
        screen.Paragraph(
            $"Here are {train.Count:N0} pieces of telephone announcements, {train.Seconds() / 60:0} minutes in all (Asterisk's prompts). They are English, French, " +
            "Italian, Russian and Spanish, which the network is not told: it looks at them as spectrograms for a minute or two and learns only that two moments of " +
            "one recording belong together and other recordings do not (COLA). " +
            $"Then {DemoCommand.LabelsPerClass} labelled seconds of each language must be enough to name the language of {test.Count:N0} other announcements, by a second of each.");
        screen.Line();

        DemoCommand.Learn(config, train, directory, screen, stop);
        IReadOnlyList<EvaluationRow> rows = DemoCommand.Judge(config, directory, (labelled, test), "languages", screen, stop);
        screen.Paragraph(DemoCommand.Sentence(rows, config.Train.Seed, "recordings", "FBANK averages"));
        screen.Paragraph(
            "Each language has one speaker here, and English and Spanish share theirs: so this is as much about voices and telephone lines as about languages. " +
            $"That took {Durations.Clock(Stopwatch.GetElapsedTime(start).TotalSeconds)}. With recordings of your own: tacit pretrain cola --data FOLDER");
        return ExitCode.Done;
    }
}
