using Tacit.Tensors.Kernels;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

/// <summary>What one direction of a recurrent layer learns, in PyTorch's layout. Gates: r, z, n of a GRU; i, f, g, o of an LSTM.</summary>
/// <param name="Input"><c>weight_ih</c> [gates · H, C]</param>
/// <param name="Hidden"><c>weight_hh</c> [gates · H, H]</param>
/// <param name="InputBias"><c>bias_ih</c> [gates · H], or none.</param>
/// <param name="HiddenBias"><c>bias_hh</c> [gates · H], or none.</param>
public sealed record RecurrentWeights(Tensor Input, Tensor Hidden, Tensor? InputBias = null, Tensor? HiddenBias = null)
{
    internal IEnumerable<Tensor> All => new[] { Input, Hidden, InputBias, HiddenBias }.OfType<Tensor>();
}

/// <summary>
/// A recurrent layer as one operator. Inside, time is the first axis: the input is multiplied for all steps at once, a step is
/// one parallel loop over blocks of hidden units, and the weights' gradients are one product over all steps each.
/// </summary>
/// <remarks>
/// Of every frame a record of <see cref="ICell.Parts"/> · H numbers is kept; backward overwrites its first parts with the
/// gradients of the recurrent products. A padded frame has an all-zero record, state and output, so that nothing flows through it.
/// </remarks>
internal static unsafe class Recurrent<TCell>
    where TCell : struct, ICell
{
    public static Tensor Apply(Tensor x, RecurrentWeights? forward, RecurrentWeights? backward, int[]? lengths)
    {
        RecurrentWeights[] weights = [.. new[] { forward, backward }.OfType<RecurrentWeights>()];
        RecurrentSizes sizes = RecurrentSizes.Of<TCell>(x, weights, lengths);
        bool[] reversed = forward is null ? [true] : [false, true];
        Tensor y = Tensor.Empty(new Shape(sizes.Items, sizes.Frames, weights.Length * sizes.Hidden));
        var memory = new Direction[weights.Length];
        using (Scratch frames = Scratch.Rent(sizes.Rows * sizes.Input))
        {
            TimeMajor.Gather(sizes, x.Data, frames.Data, lengths);
            for (int d = 0; d < weights.Length; d++)
            {
                Tensor records = Tensor.Empty(new Shape(sizes.Rows, sizes.Pitch)), states = Tensor.Empty(new Shape(sizes.Rows + sizes.Items, sizes.Hidden));
                memory[d] = new Direction(reversed[d], records, states, weights[d]);
                using Scratch bias = Scratch.Rent(sizes.Gates * sizes.Hidden);
                InputBias(sizes, weights[d], bias.Data);
                Gemm.Run(
                    false, true, sizes.Rows, sizes.Gates * sizes.Hidden, sizes.Input, frames.Data, sizes.Input, weights[d].Input.Data, sizes.Input,
                    records.Data + (TCell.InputPart * sizes.Hidden), sizes.Pitch, bias: bias.Data);
                TimeMajor.ClearPadding(sizes, records.Data, states.Data, y.Data + (d * sizes.Hidden), lengths, reversed[d]);
            }
        }

        RecurrentSteps<TCell>.Forward(sizes, memory, lengths, y.Data);
        if (Tape.Wants(x, TCell.Name) || weights.SelectMany(w => w.All).Any(w => Tape.Wants(w)))
        {
            Tape.Add(new RecurrentNode(x, sizes, memory, lengths, y));
        }

        return y;
    }

    /// <summary>bias_ih, and bias_hh of those gates to whose sum both belong alike.</summary>
    private static void InputBias(RecurrentSizes sizes, RecurrentWeights weights, float* bias)
    {
        for (int i = 0; i < sizes.Gates * sizes.Hidden; i++)
        {
            bias[i] = weights.InputBias is null ? 0 : weights.InputBias.Data[i];
            bias[i] += weights.HiddenBias is null || i / sizes.Hidden == TCell.GateWithBiasApart ? 0 : weights.HiddenBias.Data[i];
        }
    }

    private sealed class RecurrentNode(Tensor x, RecurrentSizes sizes, Direction[] memory, int[]? lengths, Tensor y) : Node(TCell.Name, y)
    {
        public override void Backward()
        {
            RecurrentSteps<TCell>.Backward(sizes, memory, lengths, Output.GradientData);
            using Scratch frames = Scratch.Rent(sizes.Rows * sizes.Input);
            if (Array.Exists(memory, d => d.Weights.Input.RequiresGrad))
            {
                TimeMajor.Gather(sizes, x.Data, frames.Data, lengths);
            }

            foreach (Direction direction in memory)
            {
                Weights(direction, frames.Data);
                Biases(direction);
            }

            if (x.RequiresGrad)
            {
                for (int d = 0; d < memory.Length; d++)
                {
                    Gemm.Run(
                        false, false, sizes.Rows, sizes.Input, sizes.Gates * sizes.Hidden, InputGradient(memory[d]), sizes.Pitch,
                        memory[d].Weights.Input.Data, sizes.Input, frames.Data, sizes.Input, accumulate: d > 0);
                }

                TimeMajor.Scatter(sizes, frames.Data, x.GradientTarget());
            }
        }

        private float* InputGradient(Direction direction) => direction.Records.Data + (TCell.InputPart * sizes.Hidden);

        private void Weights(Direction direction, float* frames)
        {
            RecurrentWeights weights = direction.Weights;
            if (weights.Input.RequiresGrad)
            {
                Gradient g = weights.Input.GradientTarget();
                Gemm.Run(
                    true, false, sizes.Gates * sizes.Hidden, sizes.Input, sizes.Rows, InputGradient(direction), sizes.Pitch, frames, sizes.Input, g.Data, sizes.Input, g.Add);
            }

            if (weights.Hidden.RequiresGrad)
            {
                Gradient g = weights.Hidden.GradientTarget();
                float* before = direction.States.Data + (direction.Reverse ? (nint)sizes.Items * sizes.Hidden : 0);
                for (int part = 0, next; part < sizes.Gates; part = next)
                {
                    // Parts whose gates follow each other are one product.
                    for (next = part + 1; next < sizes.Gates && TCell.GateOf(next) == TCell.GateOf(part) + next - part; next++)
                    {
                    }

                    float* target = g.Data + ((nint)TCell.GateOf(part) * sizes.Hidden * sizes.Hidden);
                    Gemm.Run(
                        true, false, (next - part) * sizes.Hidden, sizes.Hidden, sizes.Rows, direction.Records.Data + (part * sizes.Hidden), sizes.Pitch,
                        before, sizes.Hidden, target, sizes.Hidden, g.Add);
                }
            }
        }

        private void Biases(Direction direction)
        {
            int hidden = sizes.Hidden;
            using Scratch sums = Scratch.Rent(sizes.Pitch);
            ColumnSum.Run(direction.Records.Data, sizes.Rows, sizes.Pitch, new Gradient((nint)sums.Data, false));
            Add(direction.Weights.InputBias, sums.Data + (TCell.InputPart * hidden));
            using Scratch ordered = Scratch.Rent(sizes.Gates * hidden);
            for (int part = 0; part < sizes.Gates; part++)
            {
                new Span<float>(sums.Data + (part * hidden), hidden).CopyTo(new Span<float>(ordered.Data + (TCell.GateOf(part) * hidden), hidden));
            }

            Add(direction.Weights.HiddenBias, ordered.Data);
        }

        private static void Add(Tensor? bias, float* sum)
        {
            if (bias is { RequiresGrad: true })
            {
                Gradient g = bias.GradientTarget();
                for (int i = 0; i < bias.Length; i++)
                {
                    g.Data[i] = g.Add ? g.Data[i] + sum[i] : sum[i];
                }
            }
        }
    }
}

/// <summary>What one direction of a recurrent layer keeps for backward.</summary>
/// <param name="Reverse">Whether time runs from an item's last frame to its first.</param>
/// <param name="Records">[T, N, pitch]</param>
/// <param name="States">[T + 1, N, H]: frame t's step leads from state t to t + 1, or from t + 1 to t in reverse.</param>
internal sealed record Direction(bool Reverse, Tensor Records, Tensor States, RecurrentWeights Weights);

internal readonly record struct RecurrentSizes(int Items, int Frames, int Input, int Hidden, int Gates, int Pitch, int Directions)
{
    /// <summary>Frames of all items.</summary>
    public int Rows => Items * Frames;

    public static RecurrentSizes Of<TCell>(Tensor x, RecurrentWeights[] weights, int[]? lengths)
        where TCell : struct, ICell
    {
        if (weights.Length == 0)
        {
            throw new ArgumentException($"{TCell.Name}: neither direction has weights.", nameof(weights));
        }

        if (x.Rank != 3 || x.Length == 0)
        {
            throw ShapeException.Unfit(TCell.Name, x.Shape, "it takes sequences [N, T, C] of at least one frame");
        }

        int items = x.Shape[0], frames = x.Shape[1], input = x.Shape[2], hidden = weights[0].Hidden.Shape.Last, rows = TCell.Gates * hidden;
        foreach (RecurrentWeights w in weights)
        {
            if (w.Input.Shape != new Shape(rows, input))
            {
                throw ShapeException.Mismatch(TCell.Name, x.Shape, w.Input.Shape, $"the input's weight must be [{rows}, {input}]: {TCell.Gates} gates of {hidden} units, by the input's axis 2");
            }

            if (w.Hidden.Shape != new Shape(rows, hidden) || w.InputBias is { } ib && ib.Shape != new Shape(rows) || w.HiddenBias is { } hb && hb.Shape != new Shape(rows))
            {
                throw ShapeException.Mismatch(TCell.Name, w.Hidden.Shape, w.Input.Shape, $"the hidden weight must be [{rows}, {hidden}] and biases [{rows}]");
            }
        }

        if (lengths is not null && (lengths.Length != items || lengths.AsSpan().ContainsAnyExceptInRange(0, frames)))
        {
            throw ShapeException.Unfit(TCell.Name, x.Shape, $"lengths [{string.Join(", ", lengths)}] must be {items} numbers (axis 0) from 0 to {frames} (axis 1)");
        }

        // Whole cache lines and one more: rows a power of two apart would share the cache's sets.
        int pitch = ((TCell.Parts * hidden + 15) & ~15) + 16;
        return new RecurrentSizes(items, frames, input, hidden, TCell.Gates, pitch, weights.Length);
    }
}

/// <summary>What a recurrent layer computes at one unit of one frame. Implementations are tiny structs; loops and node are written once.</summary>
/// <remarks>
/// A record holds <see cref="Parts"/> numbers a unit, part by part, each part H long. Forward finds the input's product (with
/// its bias) in Gates parts from <see cref="InputPart"/> on; backward leaves the gradient of the input's product there, and
/// the gradient of the recurrent product in the first Gates parts.
/// </remarks>
internal unsafe interface ICell
{
    static abstract string Name { get; }

    static abstract int Gates { get; }

    static abstract int Parts { get; }

    static abstract int InputPart { get; }

    /// <summary>The gate whose hidden bias is added inside a product, or -1.</summary>
    static abstract int GateWithBiasApart { get; }

    /// <summary>The gate, in the weights' order, whose recurrent gradient backward leaves in a part.</summary>
    static abstract int GateOf(int part);

    /// <summary>The new state of some units.</summary>
    /// <param name="record">The frame's, at the first unit.</param>
    /// <param name="hidden">H: from part to part.</param>
    /// <param name="earlier">The record of the step before; null at the first.</param>
    /// <param name="product">The recurrent product, gate by gate, a register each.</param>
    /// <param name="before">The state before.</param>
    /// <param name="bias">The hidden bias that stands apart.</param>
    /// <param name="room">Units that are left.</param>
    static abstract V Forward<V>(float* record, int hidden, float* earlier, float* product, V before, V bias, int room)
        where V : struct, IVec<V>;

    /// <summary>Turns a record into gradients.</summary>
    /// <param name="record">The frame's, at the first unit.</param>
    /// <param name="hidden">H: from part to part.</param>
    /// <param name="earlier">The record of the step before; null at the first.</param>
    /// <param name="before">The state before.</param>
    /// <param name="dState">What reached the state through the output and the recurrent product.</param>
    /// <param name="kept">In: what the later step handed on besides; out: what this step does.</param>
    /// <param name="room">Units that are left.</param>
    static abstract void Backward<V>(float* record, int hidden, float* earlier, V before, V dState, float* kept, int room)
        where V : struct, IVec<V>;
}
