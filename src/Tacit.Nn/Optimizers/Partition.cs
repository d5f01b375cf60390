using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>A list of tensors cut into blocks, by their lengths alone: what optimisers and averages run over in parallel.</summary>
internal sealed class Partition
{
    public const int BlockLength = 1 << 14;

    public Partition(IReadOnlyList<Tensor> tensors)
    {
        var blocks = new List<Block>();
        for (int i = 0; i < tensors.Count; i++)
        {
            for (int start = 0; start < tensors[i].Length; start += BlockLength)
            {
                blocks.Add(new Block(i, start, Math.Min(BlockLength, tensors[i].Length - start)));
            }
        }

        Blocks = [.. blocks];
    }

    public Block[] Blocks { get; }

    /// <param name="Tensor">Its place in the list.</param>
    /// <param name="Start">First number of the block.</param>
    /// <param name="Count">Numbers in the block.</param>
    public readonly record struct Block(int Tensor, int Start, int Count);
}
