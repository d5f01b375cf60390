using System.Runtime.CompilerServices;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests;

/// <summary>Reference vectors made by the scripts in tests/oracle.</summary>
internal static class Oracle
{
    /// <summary>The full path of a committed file under tests/oracle/data.</summary>
    public static string Path(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = System.IO.Path.Combine(folder.FullName, "tests", "oracle", "data", name);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new FileNotFoundException($"tests/oracle/data/{name} is not above {AppContext.BaseDirectory}.");
    }

    public static SafetensorsContent Read(string name) => Safetensors.Read(Path(name));

    /// <summary>Every number within <paramref name="tolerance"/> of the expected one, relative to the larger of 1 and the largest expected.</summary>
    public static void AssertClose(
        ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, [CallerArgumentExpression(nameof(actual))] string? what = null)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = 1;
        foreach (float value in expected)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }

        AssertWithin(expected, actual, tolerance * scale, what);
    }

    /// <summary>Every number within an absolute distance of the expected one.</summary>
    public static void AssertWithin(
        ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double distance, [CallerArgumentExpression(nameof(actual))] string? what = null)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            // Written so that NaN fails.
            if (!(Math.Abs((double)expected[i] - actual[i]) <= distance))
            {
                Assert.Fail($"{what}[{i}] is {actual[i]:R}, expected {expected[i]:R} (allowed distance {distance:G3}).");
            }
        }
    }
}
