namespace Tacit.Data.Augment;

/// <summary>
/// For each output pixel along one axis, which input pixels count and by how much: PIL's convolution resize, whose filter
/// is widened by the scale when it shrinks.
/// </summary>
internal readonly unsafe struct ResizeTaps
{
    private readonly int* first;
    private readonly int* count;
    private readonly float* weights;
    private readonly int most;

    /// <param name="memory">At least <see cref="Floats"/> numbers.</param>
    /// <param name="input">Pixels of the input along this axis.</param>
    /// <param name="output">Pixels that the whole input would give.</param>
    /// <param name="start">The first output pixel that is wanted.</param>
    /// <param name="wanted">How many output pixels are wanted.</param>
    /// <param name="interpolation">The filter.</param>
    public ResizeTaps(float* memory, int input, int output, int start, int wanted, Interpolation interpolation)
    {
        double scale = (double)input / output;
        double widen = Math.Max(scale, 1);
        double support = Radius(interpolation) * widen;
        most = Most(input, output, interpolation);
        first = (int*)memory;
        count = first + wanted;
        weights = memory + (2 * wanted);
        for (int o = 0; o < wanted; o++)
        {
            double center = (start + o + 0.5) * scale;
            int from = Math.Max(0, (int)(center - support + 0.5));
            int n = Math.Min(input, (int)(center + support + 0.5)) - from;
            float* row = weights + ((long)o * most);
            double sum = 0;
            for (int k = 0; k < n; k++)
            {
                double w = Filter(interpolation, (from + k - center + 0.5) / widen);
                sum += w;
                row[k] = (float)w;
            }

            float norm = (float)(1 / sum);
            for (int k = 0; k < n; k++)
            {
                row[k] *= norm;
            }

            while (n > 1 && row[n - 1] == 0)
            {
                n--;
            }

            first[o] = from;
            count[o] = n;
        }
    }

    public static int Floats(int input, int output, int wanted, Interpolation interpolation) => wanted * (2 + Most(input, output, interpolation));

    public int First(int output) => first[output];

    public int Count(int output) => count[output];

    public float* Weights(int output) => weights + ((long)output * most);

    private static int Radius(Interpolation interpolation) => interpolation == Interpolation.Bilinear ? 1 : 2;

    private static int Most(int input, int output, Interpolation interpolation) =>
        ((int)Math.Ceiling(Radius(interpolation) * Math.Max((double)input / output, 1)) * 2) + 1;

    private static double Filter(Interpolation interpolation, double x)
    {
        x = Math.Abs(x);
        if (interpolation == Interpolation.Bilinear)
        {
            return x < 1 ? 1 - x : 0;
        }

        const double A = -0.5;
        return x < 1 ? ((((A + 2) * x) - (A + 3)) * x * x) + 1
            : x < 2 ? ((((x - 5) * x) + 8) * x * A) - (4 * A)
            : 0;
    }
}
