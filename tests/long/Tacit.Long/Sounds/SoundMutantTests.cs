using System.Diagnostics;
using Tacit.Tests.Data.Sounds;
using Xunit;

namespace Tacit.Long.Sounds;

/// <summary>100,000 damaged files: the reference sounds of every kind, and real recordings.</summary>
public sealed class SoundMutantTests(ITestOutputHelper output)
{
    private const int Mutants = 100_000;

    [Fact]
    public void Damaged_files_neither_crash_nor_hang_nor_fill_the_memory()
    {
        List<byte[]> originals = [.. ReferenceSounds.OwnNames.Select(name => ReferenceSounds.Get(name).File)];
        originals.AddRange(SharedSounds.Read("librispeech-test").OrderBy(file => file.Bytes.Length).Take(5).Select(file => file.Bytes));
        originals.AddRange(SharedSounds.Read("speech-commands-test").Take(30).Select(file => file.Bytes));
        originals.AddRange(SharedSounds.Read("fsdd-test").Take(20).Select(file => file.Bytes));
        int decoded = 0;
        TimeSpan slowest = TimeSpan.Zero;
        long largest = 0;
        for (int i = 0; i < Mutants; i++)
        {
            byte[] mutant = SoundMutations.Mutate(originals, 1_000_000UL + (ulong)i);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            decoded += HostileListening.TryRead(mutant, $"mutant {i}") < 0 ? 0 : 1;
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            slowest = elapsed > slowest ? elapsed : slowest;
            largest = Math.Max(largest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        using Process process = Process.GetCurrentProcess();
        long peak = process.PeakWorkingSet64;
        output.WriteLine($"{Mutants} mutants: {decoded} decoded, {Mutants - decoded} refused; slowest {slowest.TotalMilliseconds:F0} ms, "
            + $"largest allocation {largest / 1e6:F0} MB, peak working set of the whole process {peak / 1e6:F0} MB");
        Assert.InRange(decoded, Mutants / 20, Mutants * 9 / 10);
        Assert.True(peak < 2 * HostileListening.MaxBytes, $"The process came to {peak / 1e6:F0} MB.");
    }
}
