using System.Text;
using Tacit.Tensors;

namespace Tacit.Evaluation.Report;

/// <summary>What a report is asked to show.</summary>
/// <param name="Runs">Directories of runs, or encoders.</param>
/// <param name="Data">Items to look at the runs with; null for the data that each was made on.</param>
/// <param name="Test">Labelled items to judge on; null for cross-validation.</param>
/// <param name="Seed">Of the samples, their projection and the folds.</param>
public sealed record ReportRequest(IReadOnlyList<string> Runs, string? Data, string? Test, ulong Seed);

/// <summary>What came of it.</summary>
/// <param name="Out">The file.</param>
/// <param name="Runs">Names of the runs.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Missing">Sections that are not there, and why: the run's name, the section, a sentence.</param>
public sealed record ReportOutcome(string Out, IReadOnlyList<string> Runs, long Bytes, IReadOnlyList<(string Run, string Section, string Why)> Missing);

/// <summary>A page about runs in one file that asks for nothing from anywhere.</summary>
public static class ReportFile
{
    /// <summary>Builds the page and writes it as a whole.</summary>
    /// <param name="request">What to show.</param>
    /// <param name="path">The HTML file.</param>
    /// <param name="progress">Told what is being done and how far it is.</param>
    /// <param name="stop">Ends between two batches.</param>
    /// <exception cref="TacitException">A run is not there, data that were asked for cannot be opened, or the file cannot be written.</exception>
    public static ReportOutcome Write(ReportRequest request, string path, Action<string, int, int>? progress = null, CancellationToken stop = default)
    {
        ReportModel model;
        using (var builder = new ReportBuilder(request, progress, stop))
        {
            model = builder.Build();
        }

        byte[] page = Encoding.UTF8.GetBytes(ReportPage.Of(model));
        AtomicFile.Write(path, file => file.Write(page));
        return new ReportOutcome(
            path, [.. model.Runs.Select(r => r.Name)], page.Length, [.. model.Runs.SelectMany(r => r.Missing.Where(m => m.Key != "encoder").Select(m => (r.Name, m.Key, m.Value)))]);
    }
}
