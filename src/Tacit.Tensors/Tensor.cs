namespace Tacit.Tensors;

/// <summary>
/// A float32 array with a shape: row-major, always contiguous. Images are [N, H, W, C], sequences [N, T, C]. Reshapes and
/// slices of the leading axis are views that share memory and gradient; everything else copies.
/// </summary>
public sealed unsafe class Tensor
{
    private readonly float* data;
    private readonly object owner;      // the pinned memory, or the arena
    private readonly int generation;
    private readonly Tensor? viewOf;
    private readonly int viewOffset;
    private Arena.Block gradient;
    private PinnedFloats? longGradient;

    private Tensor(Shape shape, float* data, object owner, int generation, Tensor? viewOf = null, int viewOffset = 0)
    {
        Shape = shape;
        this.data = data;
        this.owner = owner;
        this.generation = generation;
        this.viewOf = viewOf;
        this.viewOffset = viewOffset;
    }

    public Shape Shape { get; }

    public int Length => Shape.Length;

    public int Rank => Shape.Rank;

    /// <summary>What errors call it; parameters carry their dotted path.</summary>
    public string? Name { get; set; }

    /// <summary>Whether backward computes a gradient for it: set on parameters, and on everything computed from them.</summary>
    public bool RequiresGrad
    {
        get => viewOf?.RequiresGrad ?? field;
        set
        {
            if (viewOf is not null)
            {
                throw new InvalidOperationException("A view requires a gradient where the tensor it shows does.");
            }

            field = value;
        }
    }

    /// <summary>The first number. Stable: tensors never move.</summary>
    public float* Data
    {
        get
        {
            if (owner is Arena arena && arena.Generation != generation)
            {
                ThrowDead();
            }

            return data;
        }
    }

    public Span<float> Span => new(Data, Length);

    public float this[params ReadOnlySpan<int> index]
    {
        get => Data[Offset(index)];
        set => Data[Offset(index)] = value;
    }

    /// <summary>Whether something has been written to the gradient since it was last cleared.</summary>
    public bool HasGradient
    {
        get => viewOf is not null ? viewOf.HasGradient : field;
        private set;
    }

    /// <summary>The gradient; only where <see cref="HasGradient"/>.</summary>
    public Span<float> GradientSpan => new(GradientData, Length);

    public float* GradientData
    {
        get
        {
            if (viewOf is not null)
            {
                return viewOf.GradientData + viewOffset;
            }

            return HasGradient ? gradient.Pointer : throw new InvalidOperationException($"{Describe()} has no gradient.");
        }
    }

    /// <summary>A tensor of undefined content: in the open scope's arena, or ordinary memory where none is open.</summary>
    public static Tensor Empty(Shape shape)
    {
        Scope? scope = Scope.Current;
        OperatorProfile.Current?.Allocated(shape.Length);
        return scope is null ? Lasting(shape) : new Tensor(shape, scope.Arena.Allocate(shape.Length), scope.Arena, scope.Arena.Generation);
    }

    public static Tensor Zeros(Shape shape)
    {
        Tensor tensor = Empty(shape);
        tensor.Span.Clear();
        return tensor;
    }

    public static Tensor Full(Shape shape, float value)
    {
        Tensor tensor = Empty(shape);
        tensor.Span.Fill(value);
        return tensor;
    }

    public static Tensor Scalar(float value) => Full(new Shape(), value);

    /// <summary>A copy of the values, row-major.</summary>
    public static Tensor From(ReadOnlySpan<float> values, Shape shape)
    {
        if (values.Length != shape.Length)
        {
            throw ShapeException.Unfit("Tensor.From", shape, $"{values.Length} values were given for {shape.Length} places");
        }

        Tensor tensor = Empty(shape);
        values.CopyTo(tensor.Span);
        return tensor;
    }

    /// <summary>Zeroed memory that outlives every scope: parameters, optimiser state, teachers, buffers.</summary>
    public static Tensor Lasting(Shape shape)
    {
        var memory = new PinnedFloats(PinnedFloats.Padded(shape.Length), zeroed: true);
        return new Tensor(shape, memory.Pointer, memory, 0);
    }

    /// <summary>A long-lived tensor that backward computes a gradient for.</summary>
    public static Tensor Parameter(Shape shape, string? name = null)
    {
        Tensor tensor = Lasting(shape);
        tensor.RequiresGrad = true;
        tensor.Name = name;
        return tensor;
    }

    /// <summary>The same numbers under another shape; one axis may be -1.</summary>
    public Tensor Reshape(params ReadOnlySpan<int> dims)
    {
        int[] resolved = dims.ToArray();
        int free = Array.IndexOf(resolved, -1);
        if (free >= 0)
        {
            int known = 1;
            foreach (int d in resolved)
            {
                known *= d == -1 ? 1 : d;
            }

            resolved[free] = known == 0 ? 0 : Length / known;
        }

        var shape = new Shape(resolved);
        return shape.Length == Length
            ? new Tensor(shape, data, owner, generation, viewOf ?? this, viewOffset)
            : throw ShapeException.Mismatch("Reshape", Shape, shape, $"{Length} numbers cannot fill {shape.Length} places");
    }

    /// <summary>Rows [start, start + count) of the leading axis, as a view.</summary>
    public Tensor Rows(int start, int count)
    {
        if (Rank == 0 || start < 0 || count < 0 || start + count > Shape[0])
        {
            throw ShapeException.Unfit("Rows", Shape, $"rows {start} to {start + count} are outside its leading axis");
        }

        int inner = Length / Math.Max(1, Shape[0]);
        return new Tensor(Shape.With(0, count), data + ((long)start * inner), owner, generation, viewOf ?? this, viewOffset + (start * inner));
    }

    /// <summary>The same memory without its history: a stop-gradient.</summary>
    public Tensor Detach() => new(Shape, data, owner, generation) { Name = Name };

    /// <summary>A copy that outlives every scope, without history.</summary>
    public Tensor ToLasting()
    {
        Tensor copy = Lasting(Shape);
        Span.CopyTo(copy.Span);
        return copy;
    }

    public float[] ToArray() => Span.ToArray();

    /// <summary>The single number of a scalar.</summary>
    public float ToScalar() => Length == 1 ? Data[0] : throw ShapeException.Unfit("ToScalar", Shape, "it holds more than one number");

    /// <summary>Forgets the gradient: the next write stores. A parameter keeps the memory.</summary>
    public void ClearGradient() => HasGradient = false;

    public override string ToString() => $"{Name ?? "tensor"} {Shape}";

    /// <summary>Where to write this tensor's gradient; the first caller after a clear stores, later callers add.</summary>
    public Gradient GradientTarget()
    {
        if (viewOf is not null)
        {
            if (viewOf.Length == Length)
            {
                return viewOf.GradientTarget();
            }

            if (!viewOf.HasGradient)
            {
                Gradient whole = viewOf.GradientTarget();
                new Span<float>(whole.Data, viewOf.Length).Clear();
            }

            return new Gradient((nint)(viewOf.gradient.Pointer + viewOffset), true);
        }

        OperatorProfile.Current?.Gradient(Length, HasGradient);
        if (HasGradient)
        {
            return new Gradient(gradient.Address, true);
        }

        if (owner is Arena arena)
        {
            _ = Data;
            gradient = arena.Rent(Length);
        }
        else if (longGradient is null)
        {
            longGradient = new PinnedFloats(PinnedFloats.Padded(Length));
            gradient = new Arena.Block(longGradient.Pointer, Length);
        }

        HasGradient = true;
        return new Gradient(gradient.Address, false);
    }

    /// <summary>Gives an activation's gradient memory back to the arena; a parameter's stays.</summary>
    internal void ReleaseGradient()
    {
        if (owner is Arena arena && HasGradient)
        {
            arena.Return(gradient);
            HasGradient = false;
        }
    }

    private int Offset(ReadOnlySpan<int> index)
    {
        if (index.Length != Rank)
        {
            throw ShapeException.Unfit("Index", Shape, $"{index.Length} indices were given");
        }

        int offset = 0;
        for (int i = 0; i < index.Length; i++)
        {
            if ((uint)index[i] >= (uint)Shape[i])
            {
                throw ShapeException.Unfit("Index", Shape, $"{index[i]} is outside axis {i}");
            }

            offset = (offset * Shape[i]) + index[i];
        }

        return offset;
    }

    private string Describe() => $"The tensor {Name ?? "(unnamed)"} {Shape}";

    private void ThrowDead() =>
        throw new ObjectDisposedException(null, $"{Describe()} was used after its scope ended; keep it with Scope.Keep or ToLasting.");
}
