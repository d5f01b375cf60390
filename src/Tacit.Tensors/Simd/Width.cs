using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Tacit.Tensors.Simd;

/// <summary>The vector width this process computes with, chosen once from what the processor has.</summary>
public static class Width
{
    /// <summary>512, 256, 128, or 32 where nothing is accelerated.</summary>
    public static int Bits { get; } =
        Avx512F.IsSupported ? 512
        : Avx2.IsSupported && Fma.IsSupported ? 256
        : Vector128.IsHardwareAccelerated ? 128
        : 32;

    /// <summary>The instruction set's name, as the doctor prints it and checkpoints record it.</summary>
    public static string Name { get; } = Bits switch
    {
        512 => "AVX-512",
        256 => "AVX2+FMA",
        128 => AdvSimd.IsSupported ? "AdvSimd" : "SSE",
        _ => "scalar",
    };

    /// <summary>Runs an action compiled for this process's width.</summary>
    public static void Dispatch<TAction>(ref TAction action)
        where TAction : struct, IWidthAction
    {
        switch (Bits)
        {
            case 512: action.Invoke<V512>(); break;
            case 256: action.Invoke<V256>(); break;
            case 128: action.Invoke<V128>(); break;
            default: action.Invoke<V1>(); break;
        }
    }
}
