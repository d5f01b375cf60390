using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using Xunit;

namespace Tacit.Tests.InstructionSets;

/// <summary>
/// Runs every test of Tacit.Tests.Tensors again in a child process in which an instruction set is switched off: the operators
/// are held to the same references at every vector width.
/// </summary>
public sealed partial class InstructionSetMatrixTests
{
    private const int Seconds = 240;

    [Fact]
    public void Without_Avx512() => Rerun("DOTNET_EnableAVX512", Expected.WithoutAvx512);

    [Fact]
    public void Without_Avx2() => Rerun("DOTNET_EnableAVX2", Expected.WithoutAvx2);

    [Fact]
    public void Without_any_intrinsics() => Rerun("DOTNET_EnableHWIntrinsic", Expected.WithoutAny);

    private static void Rerun(string variable, int width)
    {
        Assert.SkipWhen(
            variable != "DOTNET_EnableHWIntrinsic" && RuntimeInformation.ProcessArchitecture != Architecture.X64, $"{variable} means nothing on this processor");
        string host = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        var start = new ProcessStartInfo(Path.GetFullPath(host))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [variable] = "0", ["TACIT_EXPECT_WIDTH"] = width.ToString(CultureInfo.InvariantCulture) },
            ArgumentList = { "exec", Path.Combine(AppContext.BaseDirectory, "Tacit.Tests.dll"), "-noColor", "-namespace", "Tacit.Tests.Tensors" },
        };
        // A test host of ours must not be taken for the one that started us.
        foreach (string inherited in start.Environment.Keys.Where(k => k.StartsWith("TESTINGPLATFORM", StringComparison.Ordinal) || k.StartsWith("XUNIT", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        using Process child = Process.Start(start)!;
        Task<string> output = child.StandardOutput.ReadToEndAsync(), errors = child.StandardError.ReadToEndAsync();
        if (!child.WaitForExit(TimeSpan.FromSeconds(Seconds)))
        {
            child.Kill(entireProcessTree: true);
            Assert.Fail($"{variable}=0: the child did not end within {Seconds} seconds.");
        }

        string text = output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
        string tail = text.Length > 4000 ? text[^4000..] : text;
        Assert.True(child.ExitCode == 0, $"{variable}=0: exit code {child.ExitCode}\n{tail}");
        Match summary = Summary().Match(text);
        Assert.True(summary.Success, tail);
        Assert.InRange(int.Parse(summary.Groups["total"].Value, CultureInfo.InvariantCulture), 200, int.MaxValue);
        Assert.Equal("0", summary.Groups["failed"].Value);
    }

    [GeneratedRegex(@"Total: (?<total>\d+), Errors: 0, Failed: (?<failed>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Summary();
}

/// <summary>The vector width, in bits, that a processor is to be used with.</summary>
internal static class Expected
{
    public static int Widest => Avx512F.IsSupported ? 512 : WithoutAvx512;

    public static int WithoutAvx512 => Avx2.IsSupported && Fma.IsSupported ? 256 : Vector128.IsHardwareAccelerated ? 128 : 32;

    public static int WithoutAvx2 => 128;

    public static int WithoutAny => 32;
}
