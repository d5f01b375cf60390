using Tacit.Tensors.Simd;

namespace Tacit.Data.Features;

/// <summary>The cosine transform (type II, orthonormal) of log mel energies to the first cepstral coefficients.</summary>
internal sealed unsafe class Dct
{
    private readonly int inputs, outputs;
    private readonly float[] matrix;        // [outputs, inputs], pinned

    /// <param name="inputs">Mel bins.</param>
    /// <param name="outputs">Coefficients, at most as many.</param>
    /// <param name="lifter">Scales coefficient i by 1 + lifter / 2 sin(πi / lifter); 0 for not.</param>
    /// <param name="orthonormal">Orthonormal, or twice the cosines (torch's norm None).</param>
    public Dct(int inputs, int outputs, double lifter = 0, bool orthonormal = true)
    {
        (this.inputs, this.outputs) = (inputs, outputs);
        matrix = GC.AllocateArray<float>(inputs * outputs, pinned: true);
        for (int i = 0; i < outputs; i++)
        {
            double scale = !orthonormal ? 2 : Math.Sqrt((i == 0 ? 1.0 : 2.0) / inputs);
            scale *= lifter == 0 ? 1 : 1 + (lifter / 2 * Math.Sin(Math.PI * i / lifter));
            for (int j = 0; j < inputs; j++)
            {
                // The angle in single precision, as torchaudio has it: behind the lifter that shows in the fourth decimal.
                float angle = (float)(Math.PI / inputs) * (j + 0.5f) * i;
                matrix[(i * inputs) + j] = (float)(scale * Math.Cos(angle));
            }
        }
    }

    /// <summary>[inputs, lanes] to [outputs, lanes].</summary>
    public void Apply<V>(float* x, float* y)
        where V : struct, IVec<V>
    {
        fixed (float* w = matrix)
        {
            for (int i = 0; i < outputs; i++)
            {
                V sum = V.Zero;
                for (int j = 0; j < inputs; j++)
                {
                    sum = V.Fma(V.Load(x + (j * V.Count)), V.Broadcast(w[(i * inputs) + j]), sum);
                }

                sum.Store(y + (i * V.Count));
            }
        }
    }
}
