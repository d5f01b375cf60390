using System.Runtime.CompilerServices;
using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Nn;

/// <summary>
/// A network that learns and its slow twin, whose parameters are an exponential moving average of the learner's. The twin
/// computes no gradients; its buffers (running statistics) are its own.
/// </summary>
/// <remarks>Mean teachers, momentum encoders, averaged weights for export. He et al. 2020, arXiv:1911.05722, equation 2.</remarks>
public sealed class MomentumPair
{
    private readonly Tensor[] learned;
    private readonly Tensor[] averaged;
    private readonly Partition partition;

    /// <summary>Ties a twin to a learner and copies all parameters and buffers over.</summary>
    /// <exception cref="TacitException">They are not built alike.</exception>
    public MomentumPair(Module online, Module target)
    {
        Online = online;
        Target = target;
        target.Load(online.StateDict());
        target.RequireGradients(false);
        learned = [.. online.Parameters()];
        averaged = [.. target.Parameters()];
        partition = new Partition(averaged);
    }

    /// <summary>The network that the optimiser moves.</summary>
    public Module Online { get; }

    /// <summary>The moving average.</summary>
    public Module Target { get; }

    /// <summary>target = momentum · target + (1 - momentum) · online, parameters only; call it after the optimiser's step.</summary>
    public void Update(double momentum)
    {
        var body = new Body(learned, averaged, partition, (float)(1 - momentum));
        WorkerPool.Shared.For(partition.Blocks.Length, ref body);
    }

    /// <summary>Copies the buffers over: for a twin that is exported without ever having run forward.</summary>
    public void CopyBuffers()
    {
        foreach (var (source, destination) in Online.NamedBuffers().Zip(Target.NamedBuffers()))
        {
            source.Value.Span.CopyTo(destination.Value.Span);
        }
    }

    private readonly unsafe struct Body(Tensor[] learned, Tensor[] averaged, Partition partition, float rest) : IBlockBody
    {
        public void Invoke(int block)
        {
            Partition.Block b = partition.Blocks[block];
            var action = new Action(learned[b.Tensor].Data + b.Start, averaged[b.Tensor].Data + b.Start, rest, b.Count);
            Width.Dispatch(ref action);
        }
    }

    private readonly unsafe struct Action(float* online, float* target, float rest, int count) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            int whole = count - (count % V.Count);
            Span<V>(0, whole);
            Span<V1>(whole, count);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Span<V>(int start, int end)
            where V : struct, IVec<V>
        {
            V share = V.Broadcast(rest);
            for (int i = start; i < end; i += V.Count)
            {
                // Written as a step towards the learner, so that equal values stay equal to the last bit.
                V t = V.Load(target + i);
                V.Fma(share, V.Load(online + i) - t, t).Store(target + i);
            }
        }
    }
}
