namespace Tacit.Tensors.Kernels;

/// <summary>The kernel elements that one phase of an input gradient sees along one axis.</summary>
/// <param name="Count">How many.</param>
/// <param name="Last">The largest kernel index; the others are <paramref name="Step"/> apart below it.</param>
/// <param name="Step">Kernel elements between two that are seen.</param>
/// <param name="First">Output place, relative to the phase's own place, that the largest kernel index reads.</param>
internal readonly record struct Phase(int Count, int Last, int Step, int First);

/// <summary>The sizes of a convolution and the grids it is computed by. Sequences are pictures of height 1.</summary>
internal sealed record ConvSizes(
    int N, int Height, int Width, int C, int O, int KernelRows, int KernelColumns, int Stride, int PadRows, int PadColumns, int Dilation, int Groups)
{
    public int OutHeight => ((Height + (2 * PadRows) - (Dilation * (KernelRows - 1)) - 1) / Stride) + 1;

    public int OutWidth => ((Width + (2 * PadColumns) - (Dilation * (KernelColumns - 1)) - 1) / Stride) + 1;

    /// <summary>Each channel has a kernel of its own: nothing to share between channels, so other loops serve it.</summary>
    public bool Depthwise => Groups == C && O == C && C > 1;

    public CorrelationGrid ForwardGrid => new()
    {
        Batch = N,
        Height = Height,
        Width = Width,
        Channels = C,
        Top = PadRows,
        Left = PadColumns,
        Rows = OutHeight,
        Columns = OutWidth,
        Stride = Stride,
        KernelRows = KernelRows,
        KernelColumns = KernelColumns,
        Dilation = Dilation,
        Groups = Groups,
    };

    private int Area => KernelRows * KernelColumns;

    private int GroupInputs => C / Groups;

    private int GroupOutputs => O / Groups;

    /// <summary>Kernel elements between those that one phase sees.</summary>
    private int PhaseStep => Stride / Gcd(Stride, Dilation);

    /// <summary>Whether some input places are seen by no kernel element.</summary>
    public bool HasEmptyPhase
    {
        get
        {
            for (int phase = 0; phase < Stride; phase++)
            {
                if ((phase < Height && PhaseOf(phase, KernelRows, PadRows).Count == 0) || (phase < Width && PhaseOf(phase, KernelColumns, PadColumns).Count == 0))
                {
                    return true;
                }
            }

            return false;
        }
    }

    public static ConvSizes Of(string name, Shape x, Shape weight, Tensor? bias, int stride, int padRows, int padColumns, int dilation, int groups)
    {
        if (stride < 1 || dilation < 1 || padRows < 0 || padColumns < 0 || groups < 1)
        {
            throw new ArgumentException($"{name}: stride {stride}, dilation {dilation} and groups {groups} must be at least 1 and padding {padColumns} at least 0.");
        }

        if (x[3] != weight[1] * groups || weight[0] % groups != 0)
        {
            throw ShapeException.Mismatch(name, x, weight, $"{x[3]} input channels in {groups} groups need a weight [O, {x[3] / (double)groups:0.##}, ..] with O a multiple of {groups}");
        }

        if (bias is not null && (bias.Rank != 1 || bias.Length != weight[0]))
        {
            throw ShapeException.Mismatch(name, weight, bias.Shape, $"the bias must be [{weight[0]}]");
        }

        var sizes = new ConvSizes(x[0], x[1], x[2], x[3], weight[0], weight[2], weight[3], stride, padRows, padColumns, dilation, groups);
        return Reach(x[1], padRows, weight[2]) && Reach(x[2], padColumns, weight[3])
            ? sizes
            : throw ShapeException.Mismatch(name, x, weight, "the kernel is larger than the padded input");

        bool Reach(int size, int pad, int kernel) => size + (2 * pad) >= (dilation * (kernel - 1)) + 1;
    }

    public unsafe MatrixB[] ForwardWeights(float* weight)
    {
        var groups = new MatrixB[Groups];
        for (int g = 0; g < Groups; g++)
        {
            float* w = weight + ((nint)g * GroupOutputs * GroupInputs * Area);
            groups[g] = new MatrixB((nint)w, KernelRows, KernelColumns, GroupInputs, GroupOutputs, KernelColumns, 1, Area, (nint)GroupInputs * Area);
        }

        return groups;
    }

    public Phase PhaseOf(int phase, int kernel, int pad)
    {
        int last = kernel - 1;
        while (last >= 0 && Mod(phase + pad - (last * Dilation)) != 0)
        {
            last--;
        }

        return last < 0 ? default : new Phase((last / PhaseStep) + 1, last, PhaseStep, (phase + pad - (last * Dilation)) / Stride);

        int Mod(int value) => ((value % Stride) + Stride) % Stride;
    }

    public CorrelationGrid PhaseGrid(int row, int column, Phase rows, Phase columns) => new()
    {
        Batch = N,
        Height = OutHeight,
        Width = OutWidth,
        Channels = O,
        Top = -rows.First,
        Left = -columns.First,
        Rows = (Height - row + Stride - 1) / Stride,
        Columns = (Width - column + Stride - 1) / Stride,
        Stride = 1,
        KernelRows = rows.Count,
        KernelColumns = columns.Count,
        Dilation = PhaseStep * Dilation / Stride,
        Groups = Groups,
    };

    public unsafe MatrixB[] PhaseWeights(float* weight, Phase rows, Phase columns)
    {
        var groups = new MatrixB[Groups];
        for (int g = 0; g < Groups; g++)
        {
            float* w = weight + ((nint)g * GroupOutputs * GroupInputs * Area) + (rows.Last * KernelColumns) + columns.Last;
            groups[g] = new MatrixB(
                (nint)w, rows.Count, columns.Count, GroupOutputs, GroupInputs, -(nint)rows.Step * KernelColumns, -columns.Step, (nint)GroupInputs * Area, Area);
        }

        return groups;
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
