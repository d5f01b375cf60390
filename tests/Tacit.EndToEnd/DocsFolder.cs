using System.Formats.Tar;
using System.IO.Compression;

namespace Tacit.EndToEnd;

/// <summary>Tiny data of the same form under every name that the pages use, and the runs that a page takes for made.</summary>
public sealed class DocsFolder : IDisposable
{
    private static readonly string[] Verse = ["HIGH TONES ARE HEARD", "LOW TONES ARE HEARD"];

    /// <summary>By name: what a page may take for trained by another, method and data.</summary>
    private static readonly Dictionary<string, (string Method, string Data)> Trained = new(StringComparer.Ordinal)
    {
        ["runs/photos"] = ("simclr", "photos"),
        ["runs/photos-mae"] = ("mae", "photos"),
        ["runs/calls"] = ("apc", "calls"),
        ["runs/speech"] = ("wav2vec2", "calls"),
    };

    private readonly Folder folder = new();
    private readonly Lock training = new();

    public DocsFolder()
    {
        string data = Directory.CreateDirectory(Shared).FullName;
        TinyPictures.Folders(Path.Combine(data, "photos"), 8);
        TinyPictures.Folders(Path.Combine(data, "labelled"), 26, seed: 1);
        File.Copy(Path.Combine(data, "labelled", "rows", "000.ppm"), Path.Combine(data, "mine.jpg"));
        foreach (string name in (string[])["labelled-test", "other"])
        {
            TinyPictures.Folders(Path.Combine(data, name), 5, seed: 2);
        }

        foreach ((string set, int perClass, int seed) in (ReadOnlySpan<(string, int, int)>)[("cifar10-train", 16, 3), ("cifar10-test", 5, 4), ("flowers64-train", 16, 5), ("flowers64-test", 5, 6)])
        {
            Pack(set, inner => TinyPictures.Folders(inner, perClass, seed));
        }

        TinySounds.Folders(Path.Combine(data, "calls"), 8);
        Words(Path.Combine(data, "words"), 1, 6);
        Pack("speech-commands-train", inner => Words(inner, 1, 6));
        Pack("speech-commands-test", inner => Words(inner, 11, 4));
        Pack("librispeech-train", inner => Readers(inner, 1, 4));
        Pack("librispeech-test", inner => Readers(inner, 11, 2));
        Pack("fsdd-train", inner => Digits(inner, 3));
        Pack("fsdd-test", inner => Digits(inner, 1));
        Pack("emodb-4class", Emotions);
        using (var lexicon = new GZipStream(File.Create(Path.Combine(data, "cmudict-en-us.dict.gz")), CompressionLevel.Fastest))
        {
            lexicon.Write("high HH AY\nlow L OW\ntones T OW N Z\nare AA R\nheard HH ER D\n"u8);
        }

        string text = string.Concat(Enumerable.Range(0, 60).Select(i => $"From fairest creatures {i} we desire increase, that thereby beauty's rose might never die.\n"));
        File.WriteAllText(Path.Combine(data, "book.txt"), text);
        File.WriteAllText(Path.Combine(data, "tinyshakespeare.txt"), text);
        Directory.CreateDirectory(Path.Combine(data, "folder-of-txt"));
        File.WriteAllText(Path.Combine(data, "folder-of-txt", "one.txt"), text);
        File.WriteAllText(Path.Combine(data, "folder-of-txt", "two.txt"), text);
    }

    /// <summary>Where pages written for the repository's neighbourhood look: <c>../shared/data</c>.</summary>
    private string Shared => folder["shared", "data"];

    /// <summary>A folder to run a page's commands in: the data by their names, the recipes, and the runs that it does not make itself.</summary>
    internal string For(string page, IReadOnlyList<DocsCommand> commands, string root)
    {
        string place = Directory.CreateDirectory(folder[Path.GetFileNameWithoutExtension(page)]).FullName;
        foreach (string entry in Directory.EnumerateFileSystemEntries(Shared))
        {
            Link(Path.Combine(place, Path.GetFileName(entry)), entry);
        }

        Link(Path.Combine(place, "recipes"), Path.Combine(root, "recipes"));
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (DocsCommand command in commands)
        {
            foreach (string run in command.Needed.Where(made.Add))
            {
                Assert.True(Trained.ContainsKey(run), $"{page}:{command.Line}: nothing before makes {run}.");
                Copy(Train(run), Path.Combine(place, run));
            }

            made.UnionWith(command.Made);
        }

        return place;
    }

    public void Dispose() => folder.Dispose();

    private static void Link(string link, string target) =>
        _ = Directory.Exists(target) ? Directory.CreateSymbolicLink(link, target) : File.CreateSymbolicLink(link, target);

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void Words(string inner, int firstSpeaker, int speakers)
    {
        foreach ((int s, int c) in Enumerable.Range(firstSpeaker, speakers).SelectMany(s => new[] { (s, 0), (s, 1) }))
        {
            TinySounds.Write(Path.Combine(inner, TinySounds.Classes[c], $"{0xabc00000 + s:x8}_nohash_0.wav"), TinySounds.Hum(c, s, 12000));
            TinySounds.Write(Path.Combine(inner, TinySounds.Classes[c], $"{0xabc00000 + s:x8}_nohash_1.wav"), TinySounds.Hum(c, 50 + s, 12000));
        }
    }

    /// <summary>A LibriSpeech tree: readers who say one of two sentences, six times each.</summary>
    private static void Readers(string inner, int first, int readers)
    {
        for (int reader = first; reader < first + readers; reader++)
        {
            string chapter = Path.Combine(inner, $"{reader}", "7");
            for (int i = 0; i < 6; i++)
            {
                TinySounds.Write(Path.Combine(chapter, $"{reader}-7-{i:0000}.wav"), TinySounds.Hum(i % 2, (10 * reader) + i, 2 * TinySounds.Rate));
            }

            File.WriteAllLines(Path.Combine(chapter, $"{reader}-7.trans.txt"), Enumerable.Range(0, 6).Select(i => $"{reader}-7-{i:0000} {Verse[i % 2]}"));
        }
    }

    private static void Digits(string inner, int each)
    {
        foreach ((int speaker, string name) in ((string[])["anna", "bert"]).Index())
        {
            for (int i = 0; i < 10 * each; i++)
            {
                TinySounds.Write(Path.Combine(inner, $"{i % 10}_{name}_{i / 10}.wav"), TinySounds.Hum(speaker, i, 4000), 8000);
            }
        }
    }

    /// <summary>EMO-DB's names: two digits for who speaks, in folders of emotions.</summary>
    private static void Emotions(string inner)
    {
        for (int i = 0; i < 40; i++)
        {
            TinySounds.Write(Path.Combine(inner, TinySounds.Classes[i % 2], $"{3 + (i / 4):00}a{1 + (i % 4):00}Fa.wav"), TinySounds.Hum(i % 2, i, 8000));
        }
    }

    private void Pack(string set, Action<string> make)
    {
        string inner = folder["unpacked", set];
        make(inner);
        TarFile.CreateFromDirectory(inner, Path.Combine(Shared, $"{set}.tar"), includeBaseDirectory: false);
    }

    /// <summary>Trains a run where no page before needed it.</summary>
    private string Train(string run)
    {
        string made = folder["trained", Path.GetFileName(run)];
        lock (training)
        {
            if (!Directory.Exists(made))
            {
                (string method, string data) = Trained[run];
                Outcome outcome = Cli.RunIn(Shared, new DocsCommand("", 0, $"tacit pretrain {method} --data {data} --out {made}").Small);
                Assert.True(outcome.Code == 0, outcome.Error);
            }
        }

        return made;
    }
}
