namespace Tacit.Tensors;

/// <summary>
/// Working memory of one thread, taken and given back like a stack: packed panels, padded bands, tiles of attention.
/// It grows to the largest need and stays, so that a steady state allocates nothing.
/// </summary>
public readonly unsafe ref struct Scratch
{
    [ThreadStatic]
    private static Stack? memory;

    private readonly Stack owner;
    private readonly int slab;
    private readonly int position;

    private Scratch(Stack owner, int length)
    {
        this.owner = owner;
        (slab, position) = owner.Top;
        Data = owner.Push(length);
    }

    /// <summary>64-byte aligned, contents undefined; 64 floats past the end may be read, never used.</summary>
    public float* Data { get; }

    /// <summary>Memory until <see cref="Dispose"/>; what was rented last must be given back first.</summary>
    public static Scratch Rent(int length) => new(memory ??= new Stack(), length);

    public void Dispose() => owner.Pop(slab, position);

    private sealed class Stack
    {
        private const int FirstSlab = 1 << 16;
        private const int MaxSlab = 1 << 30;        // floats; slabs of more stay apart

        private readonly List<PinnedFloats> slabs = [];
        private int slab;
        private int position;

        public (int Slab, int Position) Top => (slab, position);

        public float* Push(int length)
        {
            int need = PinnedFloats.Padded(length);
            while (slab < slabs.Count && slabs[slab].Length - position < need)
            {
                slab++;
                position = 0;
            }

            if (slab == slabs.Count)
            {
                slabs.Add(new PinnedFloats(Math.Max(need, FirstSlab)));
            }

            float* p = slabs[slab].Pointer + position;
            position += need;
            return p;
        }

        public void Pop(int toSlab, int toPosition)
        {
            (slab, position) = (toSlab, toPosition);
            if (toSlab == 0 && toPosition == 0 && slabs.Count > 1)
            {
                // Empty again: one slab that holds all that was ever needed at once.
                long total = 0;
                foreach (PinnedFloats used in slabs)
                {
                    total += used.Length;
                }

                if (total <= MaxSlab)
                {
                    slabs.Clear();
                    slabs.Add(new PinnedFloats((int)total));
                }
            }
        }
    }
}
