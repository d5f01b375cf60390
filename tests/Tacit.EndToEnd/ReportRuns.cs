namespace Tacit.EndToEnd;

/// <summary>Short runs of three methods, with names that a page could stumble over.</summary>
public sealed class ReportRuns : IDisposable
{
    /// <summary>A class's name, which is in every picture's.</summary>
    public const string Hostile = "<img src=x onerror=alert(1)> & \"it's\"";

    private readonly Folder folder = new();

    public ReportRuns()
    {
        Pictures = TinyPictures.Folders(folder["pictures"], 12);
        Directory.Move(Path.Combine(Pictures, TinyPictures.Classes[0]), Path.Combine(Pictures, Hostile));
        Recordings = TinySounds.Folders(folder["recordings"], 6);
        SimClr = folder["first <b>&"];
        Mae = folder["second"];
        Apc = folder["third"];
        Train("simclr", Pictures, SimClr, "--steps", "30", "--batch-size", "12", "--set", "model.width=4", "--set", "method.projector=[16,8]", "--set", "log.every=2");
        Train("mae", Pictures, Mae, "--steps", "12", "--batch-size", "12", "--set", "model.dim=24", "--set", "model.depth=2");
        Train("apc", Recordings, Apc, "--steps", "6", "--batch-size", "6", "--set", "model.dim=16", "--set", "model.depth=2", "--set", "data.crop=0.5");
    }

    public string Pictures { get; }

    public string Recordings { get; }

    public string SimClr { get; }

    public string Mae { get; }

    public string Apc { get; }

    /// <summary>Writes a report and gives its path.</summary>
    public string Report(string name, params string[] runs)
    {
        string path = folder[name];
        Outcome outcome = Cli.Run(["report", .. runs, "--out", path]);
        Assert.True(outcome.Code == 0, outcome.Error);
        return path;
    }

    public void Dispose() => folder.Dispose();

    private static void Train(string method, string data, string run, params string[] more)
    {
        Outcome outcome = Cli.Run(["pretrain", method, "--data", data, "--out", run, .. more]);
        Assert.True(outcome.Code == 0, outcome.Error);
    }
}
