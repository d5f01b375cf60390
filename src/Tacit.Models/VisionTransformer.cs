using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// A vision transformer without its classifier: pictures [N, H, W, 3] of any side that is a multiple of the patch, to [N, D].
/// Its parts (<see cref="Embed"/>, <see cref="Encode"/>, <see cref="Pool"/>) serve methods that show it some of the patches.
/// </summary>
/// <remarks>
/// Dosovitskiy et al. 2021, arXiv:2010.11929. With learned positions and a class token names and layout are those of torchvision's
/// VisionTransformer, norms' eps 1e-6 included. Sine-cosine positions are MAE's: the class token has none, and they are not saved.
/// </remarks>
public sealed class VisionTransformer : Backbone
{
    /// <summary>What the norms of vision transformers add to the variance.</summary>
    public const float NormEps = 1e-6f;

    private readonly Tensor? classToken;
    private readonly Encoder encoder;
    private readonly (int Rows, int Columns) built;
    private readonly Dictionary<(int Rows, int Columns), Tensor> grids = [];    // sine-cosine positions, or interpolation matrices

    internal VisionTransformer(BackboneOptions options)
    {
        Options = options;
        HasClassToken = options.Pool == "token";
        bool learned = options.Positions == "learned";
        if (learned && options.Side % options.PatchSize != 0)
        {
            throw new TacitException($"Learned positions for pictures of side {options.Side} need a side (model.side) that is a multiple of the patch (model.patch-size), {options.PatchSize}.");
        }

        int side = options.Side / options.PatchSize;
        built = (side, side);
        classToken = HasClassToken ? AddParameter("class_token", new Shape(1, 1, options.Dim), Initializers.Normal(0.02f)) : null;
        Projection = Add("conv_proj", new PatchEmbedding(options.Dim, options.PatchSize));
        encoder = Add("encoder", new Encoder(options, learned ? (side * side) + (HasClassToken ? 1 : 0) : 0));
        Layers = [.. Enumerable.Range(1, options.Depth).Select(i => string.Create(CultureInfo.InvariantCulture, $"block{i}"))];
        if (!learned)
        {
            _ = Positions(1, 1);        // refuses a width that has none
        }
    }

    public override BackboneOptions Options { get; }

    /// <summary>The blocks; each one's output is pooled as the next block sees it, normed.</summary>
    public override IReadOnlyList<string> Layers { get; }

    /// <summary>Side of a patch in pixels.</summary>
    public int PatchSize => Options.PatchSize;

    /// <summary>Whether <see cref="Encode"/> puts a class token before the others; it is then what <see cref="Pool"/> takes.</summary>
    public bool HasClassToken { get; }

    /// <summary>The patches' linear map; some methods freeze it.</summary>
    public PatchEmbedding Projection { get; }

    /// <summary>Rows and columns of patches in pictures [N, H, W, 3].</summary>
    /// <exception cref="TacitException">Their sides are no multiples of the patch.</exception>
    public (int Rows, int Columns) Grid(Tensor pictures) => pictures.Rank == 4 && pictures.Shape[3] == 3
        ? Patches.Grid(pictures, PatchSize)
        : throw ShapeException.Unfit("VisionTransformer", pictures.Shape, "it takes pictures [N, H, W, 3]");

    /// <summary>Patch embedding and positions: [N, H, W, 3] to [N, P, D], without a class token.</summary>
    /// <exception cref="TacitException">The pictures' sides are no multiples of the patch.</exception>
    public Tensor Embed(Tensor pictures)
    {
        var (rows, columns) = Grid(pictures);
        return Ops.Add(Projection.Forward(pictures), Positions(rows, columns));
    }

    /// <summary>The positions of a grid of patches, [rows · columns, D]; learned ones are interpolated to grids they were not made for.</summary>
    public Tensor Positions(int rows, int columns)
    {
        if (encoder.Positions is not { } positions)
        {
            return Cached((rows, columns), static (grid, dim) => SineCosinePositions.Of(grid.Rows, grid.Columns, dim));
        }

        // The row of the class token, if there is one, comes first.
        Tensor learned = positions.Reshape(-1, Options.Dim).Rows(HasClassToken ? 1 : 0, built.Rows * built.Columns);
        return (rows, columns) == built
            ? learned
            : Ops.MatMul(Cached((rows, columns), (grid, _) => PositionInterpolation.Matrix(built, grid)), learned);
    }

    /// <summary>Runs embedded tokens, all or some of them, through the blocks and the last norm: [N, V, D] to [N, (1 +) V, D].</summary>
    /// <param name="tokens">[N, V, D], as <see cref="Embed"/> gives them.</param>
    /// <param name="layers">Receives each block's output, [N, (1 +) V, D], before any norm.</param>
    /// <returns>The class token, if there is one, comes first.</returns>
    public Tensor Encode(Tensor tokens, List<Tensor>? layers = null)
    {
        Tensor x = WithClassToken(tokens);
        foreach (TransformerBlock block in encoder.Blocks)
        {
            x = block.Forward(x);
            layers?.Add(x);
        }

        return encoder.Norm.Forward(x);
    }

    /// <summary>One vector a picture: the class token, or the mean of the patches: [N, (1 +) V, D] to [N, D].</summary>
    public Tensor Pool(Tensor encoded) => HasClassToken
        ? Ops.Slice(encoded, 1, 0, 1).Reshape(encoded.Shape[0], encoded.Shape[2])
        : Ops.Mean(encoded, 1);

    protected override Tensor[] Features(Tensor x, int[]? lengths, int[] layers)
    {
        x = WithClassToken(Embed(x));
        var features = new Tensor[layers.Length];
        for (int depth = 0; depth <= layers.Max(); depth++)
        {
            x = encoder.Blocks[depth].Forward(x);
            for (int i = 0; i < layers.Length; i++)
            {
                features[i] = layers[i] == depth ? Pool(encoder.NormAfter(depth, x)) : features[i];
            }
        }

        return features;
    }

    protected override int WidthAt(int layer) => Options.Dim;

    private Tensor WithClassToken(Tensor tokens)
    {
        if (classToken is null)
        {
            return tokens;
        }

        Tensor first = encoder.Positions is { } positions ? Ops.Add(classToken.Reshape(1, -1), positions.Reshape(-1, Options.Dim).Rows(0, 1)) : classToken;
        Tensor each = Ops.Add(Tensor.Zeros(new Shape(tokens.Shape[0], 1, Options.Dim)), first.Reshape(1, 1, -1));
        return Ops.Concat(1, each, tokens);
    }

    private Tensor Cached((int Rows, int Columns) grid, Func<(int Rows, int Columns), int, Tensor> make)
    {
        if (!grids.TryGetValue(grid, out Tensor? tensor))
        {
            grids.Add(grid, tensor = make(grid, Options.Dim));
        }

        return tensor;
    }

    private sealed class Encoder : Module
    {
        public Encoder(BackboneOptions options, int places)
        {
            Positions = places > 0 ? AddParameter("pos_embedding", new Shape(1, places, options.Dim), Initializers.Normal(0.02f)) : null;
            Blocks = Add("layers", new Stack(options)).Blocks;
            Norm = Add("ln", new LayerNorm(options.Dim, NormEps));
        }

        public Tensor? Positions { get; }

        public IReadOnlyList<TransformerBlock> Blocks { get; }

        public LayerNorm Norm { get; }

        /// <summary>A block's output as whatever comes next sees it.</summary>
        public Tensor NormAfter(int block, Tensor x) => block + 1 < Blocks.Count ? Blocks[block + 1].Normed(x) : Norm.Forward(x);
    }

    private sealed class Stack : Module
    {
        public Stack(BackboneOptions options) =>
            Blocks = [.. Enumerable.Range(0, options.Depth).Select(i => Add(
                string.Create(CultureInfo.InvariantCulture, $"encoder_layer_{i}"),
                new TransformerBlock(
                    options.Dim, options.Heads, options.MlpRatio, dropPath: options.DropPath * i / Math.Max(1, options.Depth - 1), layerScale: options.LayerScale)))];

        public IReadOnlyList<TransformerBlock> Blocks { get; }
    }
}
