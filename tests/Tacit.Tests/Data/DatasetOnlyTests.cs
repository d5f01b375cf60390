using Tacit.Data;
using Tacit.Data.Pictures;
using Tacit.Data.Text;
using Tacit.Tensors;

namespace Tacit.Tests.Data;

/// <summary>Some items as a data set of their own.</summary>
public sealed class DatasetOnlyTests
{
    [Fact]
    public void Chosen_pictures_keep_names_labels_and_classes()
    {
        Picture[] made = [.. Enumerable.Range(0, 5).Select(i => new Picture(2, 2, 3, [.. Enumerable.Repeat((byte)(40 * i), 12)]))];
        using var all = PictureDataset.Of("five", made, [0, 1, 2, 1, 0], ["a", "b", "c"]);
        using var some = (PictureDataset)all.Only([4, 1]);

        Assert.Equal(["00004", "00001"], some.Names);
        Assert.Equal([0, 1], some.Labels!);
        Assert.Equal(["a", "b", "c"], some.Classes);
        Assert.Equal(("five", 160), (some.Path, (int)some.Decode(0).Pixels[0]));
    }

    [Fact]
    public void Chosen_recordings_keep_speakers_too()
    {
        float[][] made = [.. Enumerable.Range(1, 4).Select(i => Enumerable.Range(0, 100 * i).Select(t => (float)Math.Sin(t * i)).ToArray())];
        using var all = SoundDataset.Of("four", made, 8000, [0, 0, 1, 1], ["ann", "bob", "ann", "cid"]);
        using var some = (SoundDataset)all.Only([3, 0]);

        Assert.Equal([400, 100], Enumerable.Range(0, 2).Select(some.Samples));
        Assert.Equal(["cid", "ann"], some.Speakers!.Select(s => some.SpeakerNames[s]));
        Assert.Equal([1, 0], some.Labels!);
        Assert.Equal(made[3], some.Read(0));
    }

    [Fact]
    public void Chosen_texts_are_read_as_they_were()
    {
        using var all = TextDataset.Of("three", ["eins", "zwei", "drei"]);
        using var some = (TextDataset)all.Only([2]);

        Assert.Equal("drei"u8.ToArray(), some.TryRead(0));
        Assert.Equal(1, some.Count);
    }
}
