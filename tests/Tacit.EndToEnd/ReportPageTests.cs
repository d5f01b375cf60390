using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Tacit.EndToEnd;

/// <summary>The report in a browser, as a reader uses it. Every page is also held to silence: no console message, no request, no dialog.</summary>
public sealed class ReportPageTests : IClassFixture<ReportPageTests.Pages>, IClassFixture<Chromium>
{
    private readonly Pages pages;
    private readonly Chromium chromium;

    public ReportPageTests(Pages pages, Chromium chromium)
    {
        (this.pages, this.chromium) = (pages, chromium);
        chromium.Require();
    }

    [Fact]
    public async Task Every_curve_that_was_logged_is_drawn()
    {
        await using OpenPage open = await chromium.OpenAsync(pages.One);

        JsonElement model = await Model(open.Page);
        int logged = model.GetProperty("runs")[0].GetProperty("curves").GetArrayLength();
        string[] paths = await open.Page.EvalOnSelectorAllAsync<string[]>("path.curve", "all => all.map(p => p.getAttribute('d'))");

        Assert.Equal(logged, paths.Length);
        Assert.All(paths, d => Assert.Matches(@"^M-?[\d.]+,-?[\d.]+(L-?[\d.]+,-?[\d.]+)*$", d));
        Assert.Equal(21, paths[0].Split('L').Length);           // the loss: step 1, every second up to 30, and the readings at 3, 9, 15, 21, 27
        Assert.Equal("first <b>&", await open.Page.TextContentAsync("h1"));
    }

    [Fact]
    public async Task Arrow_keys_move_the_cursor_of_all_charts()
    {
        await using OpenPage open = await chromium.OpenAsync(pages.One);
        ILocator loss = open.Page.GetByRole(AriaRole.Slider, new() { Name = "loss", Exact = true }), rate = open.Page.GetByRole(AriaRole.Slider, new() { Name = "learning rate" });

        await loss.FocusAsync();
        await open.Page.Keyboard.PressAsync("Home");
        Assert.Equal("1", await loss.GetAttributeAsync("aria-valuenow"));
        await open.Page.Keyboard.PressAsync("ArrowRight");

        Assert.Equal("2", await loss.GetAttributeAsync("aria-valuenow"));
        Assert.Equal("2", await rate.GetAttributeAsync("aria-valuenow"));
        JsonElement curve = (await Model(open.Page)).GetProperty("runs")[0].GetProperty("curves").EnumerateArray().First(c => c.GetProperty("key").GetString() == "loss");
        double value = curve.GetProperty("values")[1].GetDouble();
        string told = (await loss.GetAttributeAsync("aria-valuetext"))!.Split(' ')[^1];
        Assert.Equal(value, double.Parse(told, CultureInfo.InvariantCulture), Math.Abs(value) * 1e-3);
    }

    [Fact]
    public async Task The_pointer_moves_the_cursor_too()
    {
        await using OpenPage open = await chromium.OpenAsync(pages.One);
        ILocator loss = open.Page.GetByRole(AriaRole.Slider, new() { Name = "loss", Exact = true });

        await loss.HoverAsync(new() { Position = new() { X = 60, Y = 100 } });
        Assert.Equal("1", await loss.GetAttributeAsync("aria-valuenow"));
        LocatorBoundingBoxResult box = (await loss.BoundingBoxAsync())!;
        await loss.HoverAsync(new() { Position = new() { X = box.Width - 12, Y = 100 } });
        Assert.Equal("30", await loss.GetAttributeAsync("aria-valuenow"));
    }

    [Fact]
    public async Task A_point_that_is_hovered_shows_its_thumbnail_and_its_neighbours()
    {
        await using OpenPage open = await chromium.OpenAsync(pages.One);
        JsonElement model = await Model(open.Page);
        Assert.Equal(36, await open.Page.Locator("path.mark[data-sample]").CountAsync());

        foreach (int sample in (int[])[3, 20, 35])
        {
            await open.Page.EvaluateAsync("document.querySelector('.scatter').scrollIntoView({ block: 'center', behavior: 'instant' })");
            await open.Page.Locator($"path.mark[data-sample='{sample}']").HoverAsync(new() { Force = true });
            int shown = await Chosen(open.Page, model);
            JsonElement one = model.GetProperty("data")[0].GetProperty("samples")[shown];

            // Points may lie over each other: what is shown is the one in the ring, which is where the pointer is.
            Assert.Equal(one.GetProperty("picture").GetString(), await open.Page.GetAttributeAsync(".detail > img", "src"));
            Assert.True(await open.Page.EvalOnSelectorAsync<bool>(".detail > img", "i => i.complete && i.naturalWidth === 32"));
            Assert.Equal(5, await open.Page.Locator(".detail .thumbs img").CountAsync());
            double distance = await open.Page.EvaluateAsync<double>(
                "sample => { const c = e => { const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }, [a, b] = c(document.querySelector('circle.ring')), [x, y] = c(document.querySelector(`path.mark[data-sample='${sample}']`)); return Math.hypot(a - x, b - y); }",
                sample);
            Assert.InRange(distance, 0, 4);
        }
    }

    [Fact]
    public async Task Both_projections_place_every_sample_inside_the_plane()
    {
        await using OpenPage open = await chromium.OpenAsync(pages.One);
        const string Places = "all => all.map(p => p.getAttribute('transform'))";
        string[] tsne = await open.Page.EvalOnSelectorAllAsync<string[]>("path.mark[data-sample]", Places);

        await open.Page.GetByRole(AriaRole.Button, new() { Name = "PCA" }).ClickAsync();
        string[] pca = await open.Page.EvalOnSelectorAllAsync<string[]>("path.mark[data-sample]", Places);

        Assert.NotEqual(tsne, pca);
        foreach (string place in (string[])[.. tsne, .. pca])
        {
            double[] numbers = [.. place[("translate(".Length)..place.IndexOf(')', StringComparison.Ordinal)].Split(',').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
            Assert.All(numbers, n => Assert.InRange(n, 20, 580));
        }
    }

    [Fact]
    public async Task Keys_walk_from_sample_to_sample_and_a_class_can_be_hidden()
    {
        await using OpenPage open = await chromium.OpenAsync(pages.One);
        JsonElement model = await Model(open.Page);
        await open.Page.Locator(".scatter").FocusAsync();
        var seen = new HashSet<int>();
        foreach (string key in (string[])["ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"])
        {
            await open.Page.Keyboard.PressAsync(key);
            seen.Add(await Chosen(open.Page, model));
        }

        Assert.InRange(seen.Count, 4, 9);
        await open.Page.Locator(".legend button").First.ClickAsync();
        Assert.Equal(12, await open.Page.Locator("path.mark.off").CountAsync());
        Assert.Equal("false", await open.Page.Locator(".legend button").First.GetAttributeAsync("aria-pressed"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_tab_key_reaches_everything_and_shows_where_it_is(bool pictures)
    {
        await using OpenPage open = await chromium.OpenAsync(pictures ? pages.Both : pages.Sound);
        int wanted = await open.Page.EvaluateAsync<int>(
            "() => { const all = [...document.querySelectorAll('a[href], button, summary, [tabindex=\"0\"]')].filter(e => e.checkVisibility()); all.forEach((e, i) => { e.dataset.stop = i; }); return all.length; }");
        var reached = new HashSet<string>();
        for (int i = 0; i < wanted + 5; i++)
        {
            await open.Page.Keyboard.PressAsync("Tab");
            string[] at = await open.Page.EvaluateAsync<string[]>(
                "() => { const e = document.activeElement, s = getComputedStyle(e); return [e.dataset.stop ?? '', s.outlineStyle, s.outlineWidth, e.outerHTML.slice(0, 120)]; }");
            if (at[0].Length > 0)
            {
                Assert.True(at[1] != "none" && double.Parse(at[2].Replace("px", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) >= 2, $"No visible focus: {at[3]}");
                reached.Add(at[0]);
            }
        }

        Assert.InRange(wanted, 20, 400);
        Assert.Equal(wanted, reached.Count);
    }

    [Fact]
    public async Task Everything_that_can_be_operated_has_a_name()
    {
        await using OpenPage open = await chromium.OpenAsync(pages.Sound);

        string[] nameless = await open.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('button, a[href], [role=slider], [role=group], img, nav')].filter(e => !(e.getAttribute('aria-label') || e.getAttribute('alt') || e.textContent.trim())).map(e => e.outerHTML.slice(0, 120))");

        Assert.Empty(nameless);
    }

    [Fact]
    public async Task A_sound_plays_by_a_click_and_by_a_key()
    {
        await using OpenPage open = await chromium.OpenAsync(pages.Sound);
        ILocator button = open.Page.Locator(".detail .play");
        await button.ClickAsync();

        Assert.Equal("true", await button.GetAttributeAsync("aria-pressed"));
        Assert.StartsWith("data:audio/wav;base64,", await open.Page.EvaluateAsync<string>("() => player.src"), StringComparison.Ordinal);
        await open.Page.WaitForFunctionAsync("() => player.duration > 0.5 && player.error === null");
        await open.Page.EvaluateAsync("() => { player.removeAttribute('src'); }");
        await open.Page.Locator(".scatter").FocusAsync();
        await open.Page.Keyboard.PressAsync("Enter");
        Assert.StartsWith("data:audio/wav;base64,", await open.Page.EvaluateAsync<string>("() => player.src"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_heard_and_told_is_drawn()
    {
        await using OpenPage open = await chromium.OpenAsync(pages.Sound);

        Assert.Equal(6, await open.Page.Locator("#reconstruction img").CountAsync());
        Assert.Contains("frames before", await open.Page.TextContentAsync("#reconstruction"), StringComparison.Ordinal);
        Assert.InRange(await open.Page.Locator("#augmentation img").CountAsync(), 6, 24);
        Assert.InRange(await open.Page.Locator("#layers .bar").CountAsync(), 2, 8);
    }

    [Fact]
    public async Task Several_runs_begin_with_their_differences_and_share_their_charts()
    {
        await using OpenPage open = await chromium.OpenAsync(pages.Both);
        JsonElement model = await Model(open.Page);

        Assert.Equal("differences", await open.Page.EvalOnSelectorAsync<string>("main > section", "s => s.id"));
        Assert.Contains("method.name", await open.Page.TextContentAsync("#differences"), StringComparison.Ordinal);
        ILocator loss = open.Page.Locator("figure.chart.wide").First;
        Assert.Equal(2, await loss.Locator("path.curve").CountAsync());
        Assert.Equal(2, await open.Page.Locator(".scatter").CountAsync());
        string[] encoders = await open.Page.EvalOnSelectorAllAsync<string[]>("#results tbody th", "all => all.map(e => e.textContent)");
        Assert.Contains("second", encoders);
        Assert.Contains("first <b>&", encoders);
        await open.Page.Locator(".scatter").First.FocusAsync();
        await open.Page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal(2, await open.Page.Locator("circle.ring").CountAsync());
        Assert.Equal(2, await open.Page.Locator(".detail .thumbs").CountAsync());
        Assert.Equal(2, model.GetProperty("runs").GetArrayLength());
        Assert.Equal(18, await open.Page.Locator("#reconstruction img").CountAsync());
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Text_stands_out_in_light_and_dark_and_the_button_changes_sides(ColorScheme scheme)
    {
        await using OpenPage open = await chromium.OpenAsync(pages.One, scheme);
        double[] first = await Contrasts(open.Page);
        Assert.Equal(scheme == ColorScheme.Dark, first[0] < 0.2);
        Assert.InRange(first[1], 10, 21);           // text, WCAG's ratio to the paper
        Assert.InRange(first[2], 4.5, 21);          // notes
        Assert.InRange(first[3], 4.5, 21);          // links

        await open.Page.Locator("nav button").ClickAsync();
        double[] second = await Contrasts(open.Page);

        Assert.Equal(scheme == ColorScheme.Light, second[0] < 0.2);
        Assert.All(second[1..], ratio => Assert.InRange(ratio, 4.5, 21));
    }

    [Fact]
    public async Task Printed_it_is_black_on_white_whole_and_without_its_controls()
    {
        await using OpenPage open = await chromium.OpenAsync(pages.Both, ColorScheme.Dark);
        await open.Page.EmulateMediaAsync(new() { Media = Media.Print });

        Assert.Equal(1, (await Contrasts(open.Page))[0], 3);
        Assert.False(await open.Page.IsVisibleAsync("nav"));
        Assert.False(await open.Page.Locator(".controls").First.IsVisibleAsync());
        byte[] pdf = await open.Page.PdfAsync(new() { Format = "A4" });
        Assert.Equal("%PDF"u8.ToArray(), pdf[..4]);
        Assert.True(await open.Page.EvaluateAsync<bool>("() => [...document.querySelectorAll('details')].every(d => d.open)"));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(320)]
    public async Task A_narrow_page_does_not_scroll_sideways(int width)
    {
        foreach (string page in (string[])[pages.One, pages.Both, pages.Sound])
        {
            await using OpenPage open = await chromium.OpenAsync(page, width: width, height: 800);

            Assert.InRange(await open.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), 1, width);
            Assert.InRange(await open.Page.EvalOnSelectorAsync<double>("figure.chart svg", "e => e.getBoundingClientRect().right"), 100, width);
        }
    }

    [Fact]
    public async Task A_name_that_looks_like_markup_is_text()
    {
        await using OpenPage open = await chromium.OpenAsync(pages.One);

        Assert.Equal(0, await open.Page.Locator("img[src=x], h1 b").CountAsync());
        Assert.Contains(ReportRuns.Hostile, await open.Page.TextContentAsync(".legend"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_with_nothing_but_broken_metrics_is_shown_with_what_it_lacks()
    {
        await using OpenPage open = await chromium.OpenAsync(pages.Broken);

        string text = (await open.Page.TextContentAsync("main"))!;
        Assert.Contains("Not finished: 4 of 30 steps are logged", text, StringComparison.Ordinal);
        Assert.Contains("1 logged value is not a number", text, StringComparison.Ordinal);
        Assert.Contains("suspicious at step 4", text, StringComparison.Ordinal);
        Assert.Contains("has no checkpoint", text, StringComparison.Ordinal);
        Assert.Equal(1, await open.Page.Locator("path.alarm").CountAsync());
        Assert.Equal(2, (await open.Page.GetAttributeAsync("path.curve", "d"))!.Split('M').Length - 1);      // a gap
    }

    private static async Task<JsonElement> Model(IPage page)
    {
        using var document = JsonDocument.Parse((await page.TextContentAsync("#model"))!);
        return document.RootElement.Clone();
    }

    /// <summary>The number of the sample whose name the panel shows.</summary>
    private static async Task<int> Chosen(IPage page, JsonElement model)
    {
        string? name = await page.TextContentAsync(".detail .muted");
        return model.GetProperty("data")[0].GetProperty("samples").EnumerateArray().ToList().FindIndex(s => s.GetProperty("name").GetString() == name);
    }

    /// <summary>The paper's luminance, and the contrast to it of text, notes and links.</summary>
    private static Task<double[]> Contrasts(IPage page) => page.EvaluateAsync<double[]>("""
        () => {
          const light = text => { const [r, g, b] = text.match(/[\d.]+/g).map(Number).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
          const paper = light(getComputedStyle(document.body).backgroundColor);
          const ratio = selector => { const ink = light(getComputedStyle(document.querySelector(selector)).color); return (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05); };
          return [paper, ratio("h1"), ratio(".note"), ratio("nav a")];
        }
        """);

    /// <summary>Reports that the tests look at; made where there is a browser to look with.</summary>
    public sealed class Pages : IDisposable
    {
        private readonly Lazy<ReportRuns> runs = new();
        private readonly Lazy<string> one, both, sound, broken;

        public Pages()
        {
            one = new(() => runs.Value.Report("one.html", runs.Value.SimClr));
            both = new(() => runs.Value.Report("both.html", runs.Value.SimClr, runs.Value.Mae));
            sound = new(() => runs.Value.Report("sound.html", runs.Value.Apc));
            broken = new(Broke);
        }

        public string One => one.Value;

        public string Both => both.Value;

        public string Sound => sound.Value;

        public string Broken => broken.Value;

        public void Dispose()
        {
            if (runs.IsValueCreated)
            {
                runs.Value.Dispose();
            }
        }

        /// <summary>A run of which the configuration is left, and a log with a NaN and a line cut short.</summary>
        private string Broke()
        {
            string run = Path.Combine(Path.GetDirectoryName(runs.Value.SimClr)!, "broken");
            Directory.CreateDirectory(run);
            File.Copy(Path.Combine(runs.Value.SimClr, "config.yaml"), Path.Combine(run, "config.yaml"));
            File.WriteAllText(Path.Combine(run, "metrics.jsonl"), """
                {"step":1,"epoch":0,"loss":3}
                {"step":2,"epoch":0,"loss":"NaN"}
                {"step":3,"epoch":0,"loss":2.5}
                {"step":4,"epoch":0,"loss":2.25,"health":"suspicious","reasons":["RankMe </script> is low"]}
                {"step":5,"lo
                """);
            return runs.Value.Report("broken.html", run);
        }
    }
}
