using System.Text.Json;

namespace Tacit.EndToEnd;

/// <summary>Exit codes, suggestions, and that standard output belongs to JSON.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("methds", "There is no command 'methds'. Did you mean 'methods'?")]
    [InlineData("eval x --dta y", "There is no option '--dta' for 'tacit eval'. Did you mean '--data'?")]
    [InlineData("methods --jsn", "There is no option '--jsn' for 'tacit methods'. Did you mean '--json'?")]
    [InlineData("pretrain simlcr --data .", "There is no method 'simlcr'. Did you mean 'simclr'?")]
    [InlineData("pretrain simclr --data . --set optimizer.lrr=1", "There is no configuration key 'optimizer.lrr'. Did you mean 'optimizer.lr'?")]
    [InlineData("pretrain simclr --data . --set method.temperature=-1", "method.temperature: '-1' is out of range")]
    [InlineData("pretrain simclr --data . --steps many", "train.steps: 'many' is not a whole number")]
    [InlineData("pretrain simclr --data . --steps 5 --epochs 2", "a run has one length")]
    [InlineData("eval raw --data . --protocol knnn", "--protocol: 'knnn' is none of knn, linear")]
    [InlineData("eval raw --data . --labels 0", "--labels 0: give a count per class such as 20")]
    [InlineData("embed raw --data . --out features.txt", "the name must end in .npy, .csv or .safetensors")]
    [InlineData("reconstruct run --data . --out sheet.jpg", "the name must end in .png")]
    [InlineData("reconstruct run --data . --out sheet.png --count 0", "--count: '0' is not a whole number from 1 to 256")]
    [InlineData("pretrain mae --data . --batch-size 4 --steps 1 --set model.name=resnet18", "it works with vit")]
    [InlineData("methods --threads 0", "--threads: '0' is not a whole number from 1 to 1024")]
    [InlineData("demo smell", "There is no demo 'smell'")]
    [InlineData("eval raw", "Option '--data' is required.")]
    public void A_wrong_command_line_ends_with_2_and_says_what_was_probably_meant(string arguments, string sentence)
    {
        using var folder = new Folder();
        TinyPictures.Folders(folder.Path, 2);
        Outcome outcome = Cli.RunIn(folder.Path, arguments.Split(' '));

        Assert.Contains(sentence, Unwrapped(outcome.Error), StringComparison.Ordinal);
        Assert.Equal(2, outcome.Code);
        Assert.Empty(outcome.Output);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data info nowhere")]
    [InlineData("pretrain simclr --data nowhere")]
    [InlineData("eval nowhere --data .")]
    [InlineData("embed raw --data . --out /proc/features.csv")]
    [InlineData("reconstruct nowhere --data . --out sheet.png")]
    [InlineData("pretrain simclr --data . --out /proc/run --steps 1 --batch-size 4")]
    [InlineData("eval raw --data . --labels 1000")]
    public void What_cannot_be_done_ends_with_1_in_one_sentence(string arguments)
    {
        using var folder = new Folder();
        TinyPictures.Folders(folder.Path, 3);
        Outcome outcome = Cli.RunIn(folder.Path, arguments.Split(' '));

        Assert.Equal(1, outcome.Code);
        Assert.Empty(outcome.Output);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("made a mistake", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith(".", Unwrapped(outcome.Error).Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public void Methods_as_JSON_have_the_documented_fields()
    {
        JsonElement methods = Cli.Json("methods");

        Assert.Equal(JsonValueKind.Array, methods.ValueKind);
        Assert.Contains(methods.EnumerateArray(), m => m.GetProperty("name").GetString() == "simclr");
        foreach (JsonElement method in methods.EnumerateArray())
        {
            Assert.Equal(["name", "family", "modality", "paper", "year", "summary"], method.EnumerateObject().Select(p => p.Name));
            Assert.Contains(method.GetProperty("family").GetString(), (string[])["generative", "predictive", "contrastive", "bootstrapping", "regularized"]);
            Assert.All(method.GetProperty("modality").EnumerateArray(), m => Assert.Contains(m.GetString(), (string[])["image", "speech", "text"]));
            Assert.InRange(method.GetProperty("year").GetInt32(), 1990, 2030);
        }
    }

    [Fact]
    public void Doctor_measures_this_machine()
    {
        JsonElement doctor = Cli.Json("doctor", "--threads", "1", "--threads", "2");

        Assert.Equal(2, doctor.GetProperty("threads").GetInt32());      // given twice: the last counts
        Assert.InRange(doctor.GetProperty("peakOneThread").GetDouble(), 0.1, 10_000);
        Assert.InRange(doctor.GetProperty("copyOneThread").GetDouble(), 0.1, 10_000);
        Assert.NotEmpty(doctor.GetProperty("instructions").GetString()!);
    }

    /// <summary>The sentence as it was before it was wrapped to the screen.</summary>
    private static string Unwrapped(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
