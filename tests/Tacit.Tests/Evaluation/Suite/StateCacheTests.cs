using Tacit.Data;
using Tacit.Evaluation.Suite;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation.Suite;

public sealed class StateCacheTests
{
    private static SoundDataset Sounds(int count = 3, int salt = 0) =>
        SoundDataset.Of("made", [.. Enumerable.Range(0, count).Select(i => TinySuite.Tone(300 + salt, i, 0, 4000 + (800 * i)))], TinySuite.Rate);

    private static string[] Files(TinySuite suite) => Directory.GetFiles(suite.Cache, "*.states", SearchOption.AllDirectories);

    private static TinySuite Suite()
    {
        var suite = new TinySuite();
        Directory.CreateDirectory(suite.Data);
        return suite;
    }

    [Fact]
    public void States_come_back_as_the_upstream_gave_them_in_half_precision()
    {
        using TinySuite suite = Suite();
        using SoundDataset sounds = Sounds();
        var upstream = Upstream.Open("random:gru");
        Dictionary<int, Tensor> given = upstream.States(sounds).ToDictionary(s => s.Item, s => s.States);
        using SuiteContext context = suite.Context(upstream);
        StateStore store = context.States(sounds);

        Assert.Equal((3, 3, 256, 100.0), (store.Count, store.Layers, store.Width, store.StateRate));
        foreach (int item in store.Items)
        {
            Assert.Equal(given[item].Span.ToArray().Select(x => (float)(Half)x), store.Read(item).ToArray());
        }
    }

    [Fact]
    public void Batches_parts_and_means_are_made_of_the_same_states()
    {
        using TinySuite suite = Suite();
        using SoundDataset sounds = Sounds();
        using SuiteContext context = suite.Context(Upstream.Open("random:gru"));
        StateStore store = context.States(sounds);
        (Tensor all, int[] lengths) = store.Batch([2, 0]);
        (Tensor part, int[] partLengths) = store.Batch([2, 0], [(5, 7), (20, 100)]);

        Assert.Equal(new Shape(3, 2, store.Frames(2), 256), all.Shape);
        Assert.Equal([store.Frames(2), store.Frames(0)], lengths);
        Assert.Equal([7, store.Frames(0) - 20], partLengths);
        for (int l = 0; l < 3; l++)
        {
            Assert.Equal(store.Read(2)[l, 5, 9], part[l, 0, 0, 9]);
            Assert.Equal(store.Read(0)[l, 20, 9], part[l, 1, 0, 9]);
            Assert.Equal(0, all[l, 1, store.Frames(0), 9]);
            double mean = Enumerable.Range(0, store.Frames(0)).Average(t => (double)store.Read(0)[l, t, 9]);
            Assert.Equal(mean, store.Means([2, 0])[l, 1, 9], 1e-5);
        }
    }

    [Fact]
    public void What_is_cached_is_not_computed_again_and_what_is_not_the_same_is()
    {
        using TinySuite suite = Suite();
        using SoundDataset sounds = Sounds(), others = Sounds(salt: 50);
        string[] keys = new string[4];
        using (SuiteContext context = suite.Context())
        {
            keys[0] = context.States(sounds).Key;
        }

        DateTime written = File.GetLastWriteTimeUtc(Files(suite)[0]);
        using (SuiteContext context = suite.Context())
        {
            keys[1] = context.States(sounds).Key;
            keys[2] = context.States(others).Key;       // the same names and sizes, other samples
        }

        using (SuiteContext context = suite.Context(Upstream.Open("random:gru", seed: 1)))
        {
            keys[3] = context.States(sounds).Key;
        }

        using SuiteContext seeds = suite.Context(Upstream.Open("random:gru", seed: 2));
        Assert.Equal(keys[0], keys[1]);
        Assert.Equal(4, keys.Append(seeds.States(sounds).Key).Distinct().Count());
        Assert.Contains(Files(suite), f => File.GetLastWriteTimeUtc(f) == written);
        Assert.Empty(Directory.GetFiles(suite.Cache, "*.tmp", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("flip", "is damaged")]
    [InlineData("cut", "is damaged")]
    [InlineData("text", "is no file of states")]
    [InlineData("other", "was made from other weights or other data")]
    public void A_bad_file_is_said_and_made_again(string harm, string sentence)
    {
        using TinySuite suite = Suite();
        using SoundDataset sounds = Sounds(), others = Sounds(salt: 50);
        float[] states;
        string path;
        using (SuiteContext context = suite.Context())
        {
            states = context.States(sounds).Read(1).ToArray();
            path = Assert.Single(Files(suite));
        }

        byte[] bytes = File.ReadAllBytes(path);
        switch (harm)
        {
            case "flip":
                bytes[bytes.Length / 2] ^= 1;
                break;
            case "cut":
                bytes = bytes[..(bytes.Length - 100)];
                break;
            case "text":
                bytes = "These are no states, whatever the file's name says, and they go on for long enough to hold a header. And then some more, to be sure."u8.ToArray();
                break;
            default:
                using (SuiteContext context = suite.Context())
                {
                    context.States(others);
                }

                bytes = File.ReadAllBytes(Files(suite).Single(f => f != path));
                break;
        }

        File.WriteAllBytes(path, bytes);
        var said = new List<string>();
        using SuiteContext again = suite.Context(say: said.Add);

        Assert.Equal(states, again.States(sounds).Read(1).ToArray());
        Assert.Contains(sentence, Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void Beyond_its_bound_the_file_used_longest_ago_goes()
    {
        using TinySuite suite = Suite();
        using SoundDataset first = Sounds(), second = Sounds(salt: 50), third = Sounds(salt: 99);
        var paths = new List<string>();
        foreach (SoundDataset sounds in (SoundDataset[])[first, second])
        {
            using SuiteContext context = suite.Context();
            context.States(sounds);
            paths.Add(Files(suite).Except(paths).Single());
        }

        File.SetLastAccessTimeUtc(paths[0], new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastAccessTimeUtc(paths[1], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using SuiteContext bounded = suite.Context(cacheBytes: new FileInfo(paths[0]).Length * 5 / 2);
        bounded.States(third);

        Assert.Equal([true, false], paths.Select(File.Exists));
        Assert.Equal(2, Files(suite).Length);
    }

    [Fact]
    public void A_bound_below_one_file_keeps_what_is_in_use()
    {
        using TinySuite suite = Suite();
        using SoundDataset first = Sounds(), second = Sounds(salt: 50);
        using SuiteContext context = suite.Context(cacheBytes: 0);
        StateStore store = context.States(first);
        context.States(second);

        Assert.Equal(2, Files(suite).Length);
        Assert.Equal(store.Frames(0), store.Read(0).Shape[1]);
    }
}
