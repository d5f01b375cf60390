namespace Tacit.Tensors;

/// <summary>The sizes of a tensor's axes, outermost first; rank 0 to 5, held inline.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    public const int MaxRank = 5;

    // Axes that do not exist are 0, so that new Shape() equals the empty list of axes.
    private readonly int length, d0, d1, d2, d3, d4;

    public Shape(params ReadOnlySpan<int> dims)
    {
        if (dims.Length > MaxRank)
        {
            throw new ArgumentException($"A shape has at most {MaxRank} axes, not {dims.Length}.");
        }

        long product = 1;
        for (int i = 0; i < dims.Length; i++)
        {
            if (dims[i] < 0)
            {
                throw new ArgumentException($"Axis {i} of a shape cannot be negative ({dims[i]}).");
            }

            product *= dims[i];
            if (product > int.MaxValue)
            {
                throw new ArgumentException($"A tensor holds at most {int.MaxValue} numbers; [{string.Join(", ", dims.ToArray())}] is more.");
            }
        }

        Rank = dims.Length;
        length = (int)product;
        d0 = dims.Length > 0 ? dims[0] : 0;
        d1 = dims.Length > 1 ? dims[1] : 0;
        d2 = dims.Length > 2 ? dims[2] : 0;
        d3 = dims.Length > 3 ? dims[3] : 0;
        d4 = dims.Length > 4 ? dims[4] : 0;
    }

    public int Rank { get; }

    /// <summary>How many numbers a tensor of this shape holds: the product of its axes, 1 for a scalar.</summary>
    public int Length => Rank == 0 ? 1 : length;

    /// <summary>The size of an axis; a negative axis counts from the last (-1).</summary>
    public int this[int axis]
    {
        get
        {
            int i = axis < 0 ? axis + Rank : axis;
            return (uint)i < (uint)Rank
                ? i switch { 0 => d0, 1 => d1, 2 => d2, 3 => d3, _ => d4 }
                : throw new ArgumentOutOfRangeException(nameof(axis), $"Axis {axis} does not exist in shape {this}.");
        }
    }

    /// <summary>The product of all axes but the last: how many rows a matrix view of the tensor has.</summary>
    public int Rows => Rank == 0 ? 1 : Product(0, Rank - 1);

    /// <summary>The size of the last axis (features), 1 for a scalar.</summary>
    public int Last => Rank == 0 ? 1 : this[-1];

    public static implicit operator Shape(ReadOnlySpan<int> dims) => new(dims);

    public static implicit operator Shape(int[] dims) => new(dims);

    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    /// <summary>The product of the axes from <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    public int Product(int start, int end)
    {
        int product = 1;
        for (int i = start; i < end; i++)
        {
            product *= this[i];
        }

        return product;
    }

    public int[] ToArray()
    {
        var dims = new int[Rank];
        for (int i = 0; i < Rank; i++)
        {
            dims[i] = this[i];
        }

        return dims;
    }

    /// <summary>The same shape with one axis replaced.</summary>
    public Shape With(int axis, int size)
    {
        int[] dims = ToArray();
        dims[axis < 0 ? axis + Rank : axis] = size;
        return new Shape(dims);
    }

    public bool Equals(Shape other) =>
        Rank == other.Rank && d0 == other.d0 && d1 == other.d1 && d2 == other.d2 && d3 == other.d3 && d4 == other.d4;

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Rank, d0, d1, d2, d3, d4);

    public override string ToString() => $"[{string.Join(", ", ToArray())}]";
}
