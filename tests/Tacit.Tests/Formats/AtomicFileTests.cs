using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Formats;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_finished_write_replaces_the_file()
    {
        AtomicFile.WriteText(folder["a"], "old, and longer");
        AtomicFile.WriteText(folder["a"], "new");

        Assert.Equal("new", File.ReadAllText(folder["a"]));
        Assert.Equal([folder["a"]], Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void A_full_disk_leaves_the_old_file_and_nothing_else()
    {
        AtomicFile.WriteText(folder["a"], "old");

        var error = Assert.Throws<TacitException>(() => AtomicFile.Write(folder["a"], stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("No space left on device");
        }));

        Assert.Equal("old", File.ReadAllText(folder["a"]));
        Assert.Equal([folder["a"]], Directory.GetFiles(folder.Root));
        Assert.Equal($"Could not write {folder["a"]}: the disk is full; free some space and run again (the file that was there before is unchanged).", error.Message);
    }

    [Fact]
    public void Any_other_failure_passes_through_and_leaves_nothing()
    {
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["a"], _ => throw new InvalidOperationException()));

        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void The_old_file_is_whole_until_the_new_one_is()
    {
        AtomicFile.WriteText(folder["a"], "old");
        string? during = null;

        AtomicFile.Write(folder["a"], stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            during = File.ReadAllText(folder["a"]);
        });

        Assert.Equal("old", during);
        Assert.Equal("new", File.ReadAllText(folder["a"]));
    }

    [Fact]
    public void What_a_killed_process_left_behind_is_overwritten()
    {
        File.WriteAllText(folder["a.tmp"], "half of something longer");

        AtomicFile.WriteText(folder["a"], "new");

        Assert.Equal("new", File.ReadAllText(folder["a"]));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var error = Assert.Throws<TacitException>(() => AtomicFile.WriteText(folder["no/a"], "x"));

        Assert.Equal($"Could not write {folder["no/a"]}: its folder does not exist; create it first.", error.Message);
    }
}
