using Tacit.Data;
using Xunit;

namespace Tacit.Tests.Data;

public sealed class SoundDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_librispeech_tree_has_speakers_and_texts_and_names_a_transcript_without_sound()
    {
        Put("84/121/84-121-0000.wav", WaveFiles.Tone(0.5, 200));
        Put("84/121/84-121-0001.wav", WaveFiles.Tone(0.4, 300));
        Put("19/7/19-7-0000.wav", WaveFiles.Tone(0.3, 250));
        File.WriteAllText(folder["data/84/121/84-121.trans.txt"], "84-121-0000 GO DO YOU HEAR\n84-121-0001 BUT\n84-121-0002 NOBODY RECORDED THIS\n");
        File.WriteAllText(folder["data/19/7/19-7.trans.txt"], "19-7-0000 YES\n");

        using Dataset opened = Dataset.Open(folder["data"]);
        var data = Assert.IsType<SoundDataset>(opened);

        Assert.Equal("LibriSpeech tree", data.Form);
        Assert.Equal(["19/7/19-7-0000.wav", "84/121/84-121-0000.wav", "84/121/84-121-0001.wav"], data.Names);
        Assert.Equal(["YES", "GO DO YOU HEAR", "BUT"], data.Texts);
        Assert.Equal(["19", "84"], data.SpeakerNames);
        Assert.Equal([0, 1, 1], data.Speakers!);
        BrokenItem missing = Assert.Single(data.Broken);
        Assert.Equal("84/121/84-121-0002", missing.Name);
        Assert.Equal(4800, data.Samples(0));
    }

    [Fact]
    public void Digit_names_give_labels_and_speakers()
    {
        Put("7_jackson_32.wav", WaveFiles.Tone(0.2, 200, 8000));
        Put("0_theo_1.wav", WaveFiles.Tone(0.2, 300, 8000));
        using SoundDataset data = SoundDataset.Open(folder["data"]);

        Assert.Equal(["0", "7"], data.Classes);
        Assert.Equal([0, 1], data.Labels!);
        Assert.Equal(["jackson", "theo"], data.SpeakerNames);
        Assert.Equal(3200, data.Read(0).Length);       // 0.2 s at 8 kHz, read at 16 kHz
        using SoundDataset speakers = data.BySpeaker();
        Assert.Equal(["jackson", "theo"], speakers.Classes);
        Assert.Equal([1, 0], speakers.Labels!);
    }

    [Fact]
    public void A_manifest_gives_parts_of_recordings()
    {
        Put("long.wav", WaveFiles.Tone(2, 200));
        File.WriteAllText(folder["data/list.tsv"], "path\tlabel\tspeaker\ttext\tstart\tend\nlong.wav\ta\tanna\tone\t0.5\t1\nlong.wav\tb\tben\ttwo\t1.25\t\nlong.wav\tb\tben\tthree\t1\t0.5\n");
        using SoundDataset data = SoundDataset.Open(folder["data"]);

        Assert.Equal(["long.wav[0.5:1]", "long.wav[1.25:]"], data.Names);
        Assert.Equal([8000, 12000], [data.Samples(0), data.Samples(1)]);
        Assert.Equal(["one", "two"], data.Texts);
        Assert.Equal(["anna", "ben"], data.SpeakerNames);
        using SoundDataset whole = SoundDataset.Open(folder["data/long.wav"]);
        Assert.Equal(whole.Read(0)[8000..16000], data.Read(0));
        Assert.Contains(data.Broken, b => b.Reason.Contains("start and end", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_of_known_corpora_tell_speakers()
    {
        Put("yes/0a7c2a8d_nohash_0.wav", WaveFiles.Tone(0.1, 200));
        Put("yes/0a7c2a8d_nohash_1.wav", WaveFiles.Tone(0.1, 210));
        Put("_silence_/white.wav", WaveFiles.Tone(0.1, 220));
        using SoundDataset data = SoundDataset.Open(folder["data"]);

        Assert.Equal("class folders", data.Form);
        Assert.Equal(["_silence_", "yes"], data.Classes);
        Assert.Equal([-1, 0, 0], data.Speakers!);
    }

    [Fact]
    public void Pieces_cover_a_recording_and_equal_its_samples()
    {
        Put("a.wav", WaveFiles.Tone(2.5, 200));
        Put("b.wav", WaveFiles.Tone(0.5, 300));
        using SoundDataset whole = SoundDataset.Open(folder["data"]), pieces = whole.Cut(1);

        Assert.Equal(["a.wav[0:0.833]", "a.wav[0.833:1.667]", "a.wav[1.667:2.5]", "b.wav"], pieces.Names);
        Assert.Equal(whole.Read(0), (float[])[.. pieces.Read(0), .. pieces.Read(1), .. pieces.Read(2)]);
        Assert.Equal(whole.Read(1), pieces.Read(3));
        Assert.Equal(pieces.Read(1)[100..200], pieces.TryRead(1, 100, 100)!);
        Assert.NotEqual(whole.Fingerprint, pieces.Fingerprint);
    }

    [Fact]
    public void What_cannot_be_used_is_named_and_left_out()
    {
        Put("good.wav", WaveFiles.Tone(0.2, 200));
        Put("none.wav", WaveFiles.Of([]));
        Put("silent.wav", WaveFiles.Of(new short[1000]));
        Put("words.wav", "not sound at all"u8.ToArray());
        using SoundDataset data = SoundDataset.Open(folder["data"]);

        Assert.NotNull(data.TryRead(data.Names.ToList().IndexOf("good.wav"), 0, 100));
        Assert.Null(data.TryRead(data.Names.ToList().IndexOf("silent.wav"), 0, 100));
        Assert.Null(data.TryRead(data.Names.ToList().IndexOf("none.wav"), 0, 100));
        Assert.Equal(["none.wav", "silent.wav", "words.wav"], data.Broken.Select(b => b.Name));
    }

    [Fact]
    public void A_tar_reads_as_the_folder_does()
    {
        Put("x/a.wav", WaveFiles.Tone(0.7, 200));
        Put("y/b.wav", WaveFiles.Tone(0.6, 400));
        System.Formats.Tar.TarFile.CreateFromDirectory(folder["data"], folder["data.tar"], includeBaseDirectory: false);
        using Dataset plain = Dataset.Open(folder["data"]), packed = Dataset.Open(folder["data.tar"]);

        Assert.Equal(plain.Fingerprint, packed.Fingerprint);
        Assert.Equal(((SoundDataset)plain).Read(1), ((SoundDataset)packed).Read(1));
    }

    [Fact]
    public void A_folder_without_recordings_is_refused_in_a_sentence()
    {
        Put("broken.wav", "no"u8.ToArray());
        Assert.Contains("None of the recordings", Assert.Throws<TacitException>(() => Dataset.Open(folder["data"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_rate_is_the_same_recording()
    {
        Put("a.wav", WaveFiles.Tone(0.5, 200));
        using SoundDataset data = SoundDataset.Open(folder["data"]), half = data.At(8000);

        Assert.Same(data, data.At(16000));
        Assert.Equal(4000, half.Samples(0));
        Assert.Equal(4000, half.Read(0).Length);
        Assert.Equal(0.173, Math.Sqrt(half.Read(0).Average(v => (double)v * v)), 2e-3);      // 8000 / 32768 / √2
    }

    private void Put(string name, byte[] bytes)
    {
        string path = folder[$"data/{name}"];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
