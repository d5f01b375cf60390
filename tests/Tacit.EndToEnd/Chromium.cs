using Microsoft.Playwright;

namespace Tacit.EndToEnd;

/// <summary>The Chromium that is installed on this machine, without a window; Playwright's own browsers are not downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = [Environment.GetEnvironmentVariable("TACIT_CHROMIUM") ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? driver;
    private IBrowser? browser;

    private static string? Path => Places.FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Path is { } path)
        {
            driver = await Playwright.CreateAsync();
            browser = await driver.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] });
        }
    }

    /// <summary>Skips the test where there is no browser, before anything is made for it.</summary>
    public void Require() => Assert.SkipWhen(browser is null, "There is no Chromium on this machine: apt-get install chromium, or say where it is in TACIT_CHROMIUM.");

    /// <summary>A page that remembers what went wrong and what it asked for.</summary>
    public async Task<OpenPage> OpenAsync(string file, ColorScheme scheme = ColorScheme.Light, int width = 1200, int height = 900)
    {
        IPage page = await browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
        var open = new OpenPage(page);
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        await page.WaitForSelectorAsync("figure.chart path.curve", new() { State = WaitForSelectorState.Attached });
        return open;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        driver?.Dispose();
    }
}

/// <summary>A page with its troubles.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> troubles = [];

    public OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) => troubles.Add($"console {message.Type}: {message.Text}");
        page.PageError += (_, error) => troubles.Add($"error: {error}");
        page.Dialog += (_, dialog) => troubles.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                Requests.Add(request.Url);
            }
        };
    }

    public IPage Page { get; }

    public List<string> Requests { get; } = [];

    /// <summary>Nothing was said on the console, and nothing was asked for but the file itself.</summary>
    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        Assert.Empty(troubles);
        Assert.StartsWith("file:", Assert.Single(Requests), StringComparison.Ordinal);
    }
}
