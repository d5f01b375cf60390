using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text;
using Tacit.Data;
using Tacit.Data.Files;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Files;

public sealed class TarFilesTests : IDisposable
{
    private static readonly (string Name, byte[] Bytes)[] Three =
        [("b.txt", "second"u8.ToArray()), ("a/c.txt", new byte[1000]), ("d.txt", "last"u8.ToArray())];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Files_of_every_tar_format_are_found_sorted_and_read(TarEntryFormat format)
    {
        using FileSet files = Open(SampleFiles.Tar(format, Three));

        Assert.Equal(["a/c.txt", "b.txt", "d.txt"], files.Entries.Select(e => e.Name));
        Assert.Equal("second", Encoding.UTF8.GetString(files.Read(files.Entries[1])));
        Assert.Equal(1000, files.Read(files.Entries[0]).Length);
        Assert.Equal("last", Encoding.UTF8.GetString(files.Read(files.Entries[2])));
        Assert.Empty(files.Broken);
        Assert.Empty(files.Warnings);
    }

    [Theory]
    [InlineData(TarEntryFormat.Pax, 400)]
    [InlineData(TarEntryFormat.Gnu, 400)]
    [InlineData(TarEntryFormat.Ustar, 140)]
    public void Long_names_and_letters_beyond_ASCII_survive(TarEntryFormat format, int length)
    {
        string name = (format == TarEntryFormat.Ustar ? "" : "Müller/") + string.Join('/', Enumerable.Repeat("folder", length / 7)) + "/file.txt";
        using FileSet files = Open(SampleFiles.Tar(format, (name, "found"u8.ToArray()), ("short.txt", "too"u8.ToArray())));

        Assert.Equal(new[] { name, "short.txt" }.Order(StringComparer.Ordinal), files.Entries.Select(e => e.Name));
        Assert.True(files.TryFind(name, out FileEntry entry));
        Assert.Equal("found", Encoding.UTF8.GetString(files.Read(entry)));
    }

    [Theory]
    [InlineData("../evil.txt")]
    [InlineData("a/../../evil.txt")]
    [InlineData("/etc/evil.txt")]
    [InlineData("a\\..\\..\\evil.txt")]
    [InlineData("C:\\evil.txt")]
    public void Names_that_lead_out_of_the_archive_are_refused_and_named(string name)
    {
        using FileSet files = Open(Patched(name));

        Assert.Equal(["good.txt"], files.Entries.Select(e => e.Name));
        BrokenItem broken = Assert.Single(files.Broken);
        Assert.Equal(name.Replace('\\', '/'), broken.Name);
        Assert.Contains("leads out of the archive", broken.Reason);
    }

    [Fact]
    public void Links_and_devices_are_not_followed()
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, "link.txt") { LinkName = "/etc/passwd" });
            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "folder/"));
            writer.WriteEntry(new UstarTarEntry(TarEntryType.CharacterDevice, "null"));
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "good.txt") { DataStream = new MemoryStream("good"u8.ToArray()) });
        }

        using FileSet files = Open(stream.ToArray());

        Assert.Equal(["good.txt"], files.Entries.Select(e => e.Name));
    }

    [Fact]
    public void A_name_that_comes_again_replaces_the_first_as_when_unpacking()
    {
        using FileSet files = Open(SampleFiles.Tar(TarEntryFormat.Ustar, ("./a.txt", "old"u8.ToArray()), ("a.txt", "new"u8.ToArray())));

        Assert.Equal("new", Encoding.UTF8.GetString(files.Read(Assert.Single(files.Entries))));
    }

    [Fact]
    public void An_archive_cut_within_a_file_gives_the_files_before_and_names_that_one()
    {
        byte[] whole = SampleFiles.Tar(TarEntryFormat.Ustar, Three);
        using FileSet files = Open(whole[..(512 + 512 + 512 + 700)]);     // within a/c.txt

        Assert.Equal(["b.txt"], files.Entries.Select(e => e.Name));
        Assert.Equal("a/c.txt", Assert.Single(files.Broken).Name);
        Assert.Contains("ends early", Assert.Single(files.Warnings));
    }

    [Fact]
    public void An_archive_without_its_closing_block_is_used_with_a_warning()
    {
        byte[] whole = SampleFiles.Tar(TarEntryFormat.Ustar, Three);
        using FileSet files = Open(whole[..^1024]);

        Assert.Equal(3, files.Entries.Count);
        Assert.Contains("cut short", Assert.Single(files.Warnings));
    }

    [Fact]
    public void A_damaged_header_ends_the_walk_with_a_warning()
    {
        byte[] bytes = SampleFiles.Tar(TarEntryFormat.Ustar, Three);
        bytes[1024] ^= 0x55;        // the second header's name: its checksum no longer holds

        using FileSet files = Open(bytes);

        Assert.Equal(["b.txt"], files.Entries.Select(e => e.Name));
        Assert.Contains("corrupt at byte 1024", Assert.Single(files.Warnings));
    }

    [Fact]
    public void A_size_beyond_the_archive_costs_a_warning_and_no_memory()
    {
        byte[] bytes = SampleFiles.Tar(TarEntryFormat.Gnu, Three);
        bytes[124] = 0x80;      // base 256: 2^62 bytes
        bytes.AsSpan(125, 11).Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(128), 1L << 62);
        Seal(bytes);

        using FileSet files = Open(bytes);

        Assert.Empty(files.Entries);
        Assert.Contains("ends early", Assert.Single(files.Warnings));
    }

    [Fact]
    public void Sizes_in_base_256_are_understood()
    {
        byte[] bytes = SampleFiles.Tar(TarEntryFormat.Gnu, Three);
        bytes[124] = 0x80;
        bytes.AsSpan(125, 11).Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(128), 6);
        Seal(bytes);

        using FileSet files = Open(bytes);

        Assert.Equal(3, files.Entries.Count);
        Assert.Equal("second", Encoding.UTF8.GetString(files.Read(files.Entries[1])));
    }

    [Fact]
    public void Whatever_the_bytes_are_only_files_within_the_archive_come_out()
    {
        byte[] whole = [.. SampleFiles.Tar(TarEntryFormat.Pax, Three).AsSpan(0, 6000), .. SampleFiles.Tar(TarEntryFormat.Gnu, ([.. Three, (new string('n', 300), new byte[10])]))];
        var random = new RandomSequence(11, 12, 0);
        for (int round = 0; round < 600; round++)
        {
            byte[] bytes = whole[..(1 + random.NextInt(whole.Length))];
            for (int k = random.NextInt(12); k >= 0; k--)
            {
                bytes[random.NextInt(bytes.Length)] = (byte)random.NextUInt();
            }

            for (int header = 0; header + 512 <= bytes.Length && random.NextInt(3) > 0; header += 512)
            {
                Seal(bytes, header);        // most damage would otherwise stop at the checksum
            }

            using FileSet files = Open(bytes);
            foreach (FileEntry entry in files.Entries.Where(_ => files is TarFiles))
            {
                Assert.True(entry.Offset >= 512 && entry.Length >= 0 && entry.Offset + entry.Length <= bytes.Length, $"{entry}");
                Assert.DoesNotContain("..", entry.Name.Split('/'));
                Assert.Equal(entry.Length, files.Read(entry).Length);
            }
        }
    }

    private static byte[] Patched(string name)
    {
        byte[] bytes = SampleFiles.Tar(TarEntryFormat.Ustar, ("evil.txt", "evil"u8.ToArray()), ("good.txt", "good"u8.ToArray()));
        bytes.AsSpan(0, 100).Clear();
        Encoding.ASCII.GetBytes(name).CopyTo(bytes, 0);
        Seal(bytes);
        return bytes;
    }

    private static void Seal(byte[] bytes, int header = 0)
    {
        bytes.AsSpan(header + 148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte b in bytes.AsSpan(header, 512))
        {
            sum += b;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(bytes, header + 148);
    }

    private FileSet Open(byte[] bytes)
    {
        File.WriteAllBytes(folder["archive.tar"], bytes);
        return FileSet.Open(folder["archive.tar"]);
    }
}
