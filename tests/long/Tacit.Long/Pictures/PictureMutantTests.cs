using System.Diagnostics;
using Tacit.Tests.Data.Pictures;
using Xunit;

namespace Tacit.Long.Pictures;

/// <summary>100,000 damaged files: the reference pictures of every kind, the flowers and some of CIFAR-10.</summary>
public sealed class PictureMutantTests(ITestOutputHelper output)
{
    private const int Mutants = 100_000;

    [Fact]
    public void Damaged_files_neither_crash_nor_hang_nor_fill_the_memory()
    {
        List<byte[]> originals = [.. ReferencePictures.Names.Select(name => ReferencePictures.Get(name).File)];
        originals.AddRange(SharedPictures.Read("flowers-original").Select(picture => picture.Bytes));
        originals.AddRange(SharedPictures.Read("cifar10-test").Take(200).Select(picture => picture.Bytes));
        int decoded = 0;
        TimeSpan slowest = TimeSpan.Zero;
        long largest = 0;
        for (int i = 0; i < Mutants; i++)
        {
            byte[] mutant = PictureMutations.Mutate(originals, 1_000_000UL + (ulong)i);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            decoded += HostileDecoding.TryDecode(mutant, $"mutant {i}") is null ? 0 : 1;
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            slowest = elapsed > slowest ? elapsed : slowest;
            largest = Math.Max(largest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        using Process process = Process.GetCurrentProcess();
        long peak = process.PeakWorkingSet64;
        output.WriteLine($"{Mutants} mutants: {decoded} decoded, {Mutants - decoded} refused; slowest {slowest.TotalMilliseconds:F0} ms, "
            + $"largest allocation {largest / 1e6:F0} MB, peak working set of the whole process {peak / 1e6:F0} MB");
        Assert.InRange(decoded, Mutants / 10, Mutants * 9 / 10);
        Assert.True(peak < HostileDecoding.MaxBytes, $"The process came to {peak / 1e6:F0} MB.");
    }
}
