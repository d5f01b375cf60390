namespace Tacit.Quality;

/// <summary>One run of the collapse experiment: a quick recipe with one safeguard taken away.</summary>
/// <param name="Name">What the page calls it.</param>
/// <param name="Method">Of the catalogue.</param>
/// <param name="Settings">What is taken away.</param>
/// <param name="Collapses">What theory expects.</param>
internal sealed record CollapseCase(string Name, string Method, string[] Settings, bool Collapses)
{
    /// <summary>Steps of the recipe's own schedule that are run: the alarm has to sound within them.</summary>
    public const int Steps = 300;

    public static IReadOnlyList<CollapseCase> All { get; } =
    [
        new("byol", "byol", [], false),
        new("byol-without-predictor", "byol", ["method.predictor=false"], true),
        new("simsiam", "simsiam", [], false),
        new("simsiam-without-stop-gradient", "simsiam", ["method.stop-gradient=false"], true),
        new("vicreg", "vicreg", [], false),
        new("vicreg-without-variance", "vicreg", ["method.variance=0"], true),
    ];
}
