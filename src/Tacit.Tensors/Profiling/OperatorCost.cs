using System.Diagnostics;

namespace Tacit.Tensors;

/// <summary>What a measured time belongs to.</summary>
public enum Pass
{
    /// <summary>An operator computing its result.</summary>
    Forward,

    /// <summary>An operator computing its inputs' gradients.</summary>
    Backward,

    /// <summary>A part of a step, operators within included.</summary>
    Part,
}

/// <summary>What all calls of one operator in one direction cost.</summary>
public sealed class OperatorCost(string name, Pass pass)
{
    public string Name { get; } = name;

    public Pass Pass { get; } = pass;

    public long Calls { get; internal set; }

    public double Seconds { get; internal set; }

    /// <summary>Floating-point operations of products and convolutions, a multiply-add being two.</summary>
    public long Operations { get; internal set; }

    /// <summary>Memory touched at least.</summary>
    public long Bytes { get; internal set; }
}

/// <summary>One call; times as <see cref="Stopwatch.GetTimestamp"/> gives them.</summary>
public readonly record struct ProfileEvent(string Name, Pass Pass, long Start, long End, long Operations, long Bytes);

/// <summary>A part of a step being measured.</summary>
public readonly struct ProfilePart(OperatorProfile? profile, string name, long start) : IDisposable
{
    public void Dispose() => profile?.EndPart(name, start);
}
