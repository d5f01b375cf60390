namespace Tacit.Tensors;

/// <summary>
/// Bump-pointer memory for everything made in one step. Slabs grow until the first step's high-water mark is reached;
/// after that a step allocates nothing. Gradients of activations come from a free list inside the arena and go back
/// to it as soon as their producer's backward has run.
/// </summary>
internal sealed unsafe class Arena
{
    private const int FirstSlab = 1 << 20;      // floats (4 MB)
    private const int Joined = 1 << 24;         // 64 MB

    private readonly List<PinnedFloats> slabs = [];
    private readonly List<Block> free = [];
    private int slab;
    private int position;

    /// <summary>Counts resets: a tensor made before the last reset is dead.</summary>
    public int Generation { get; private set; }

    /// <summary>All bytes this arena holds.</summary>
    public long Capacity { get; private set; }

    public float* Allocate(int length)
    {
        int need = PinnedFloats.Padded(length);
        while (slab < slabs.Count && slabs[slab].Length - position < need)
        {
            slab++;
            position = 0;
        }

        if (slab == slabs.Count)
        {
            slabs.Add(new PinnedFloats(Math.Max(need, slabs.Count == 0 ? FirstSlab : (int)Math.Min(Capacity / sizeof(float), 1 << 26))));
            Capacity += (long)slabs[slab].Length * sizeof(float);
            position = 0;
        }

        float* p = slabs[slab].Pointer + position;
        position += need;
        return p;
    }

    /// <summary>A recycled block of at least the length asked for, or fresh arena memory. Contents are undefined.</summary>
    public Block Rent(int length)
    {
        int best = -1;
        for (int i = 0; i < free.Count; i++)
        {
            if (free[i].Length >= length && free[i].Length <= length + (length / 2) + 256 && (best < 0 || free[i].Length < free[best].Length))
            {
                best = i;
            }
        }

        if (best < 0)
        {
            return new Block(Allocate(length), length);
        }

        Block block = free[best];
        free[best] = free[^1];
        free.RemoveAt(free.Count - 1);
        return block;
    }

    public void Return(Block block) => free.Add(block);

    public void Reset()
    {
#if DEBUG
        foreach (PinnedFloats used in slabs)
        {
            new Span<float>(used.Pointer, used.Length).Fill(float.NaN);
        }
#endif
        if (slabs.Count > 1)
        {
            long total = 0;
            foreach (PinnedFloats used in slabs)
            {
                total += used.Length;
            }

            if (total <= Joined)
            {
                // One slab of the high-water mark wastes no tails between slabs; large ones would lie beside it until they are collected.
                slabs.Clear();
                slabs.Add(new PinnedFloats((int)total));
            }
        }

        free.Clear();
        slab = 0;
        position = 0;
        Generation++;
    }

    public readonly record struct Block(nint Address, int Length)
    {
        public Block(float* pointer, int length) : this((nint)pointer, length) { }

        public float* Pointer => (float*)Address;
    }
}
