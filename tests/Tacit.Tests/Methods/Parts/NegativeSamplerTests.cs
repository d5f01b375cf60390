using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class NegativeSamplerTests
{
    [Fact]
    public void NegativesAreOthersOfTheGroupAndNeverThePositive()
    {
        for (int trial = 0; trial < 200; trial++)
        {
            RandomSequence random = new(1, 2, trial), draws = new(3, 4, trial);
            int count = 1 + draws.NextInt(30);
            int[] groups = new int[1 + draws.NextInt(40)];
            for (int i = 0; i < groups.Length; i++)
            {
                groups[i] = draws.NextInt(6) - 3;
            }

            int[] lists = NegativeSampler.Draw(groups, count, ref random);
            HashSet<int> contrasted = [.. NegativeSampler.Contrasted(lists, count)];
            for (int i = 0; i < groups.Length; i++)
            {
                int[] list = lists[(i * (1 + count))..((i + 1) * (1 + count))];
                Assert.Equal(i, list[0]);
                Assert.Equal(contrasted.Contains(i), groups.Count(g => g == groups[i]) > 1);
                Assert.All(list[1..], other => Assert.True(contrasted.Contains(i) ? other != i && groups[other] == groups[i] : other == -1));
            }
        }
    }

    [Fact]
    public void AllOthersAreDrawnAlike()
    {
        RandomSequence random = new(1, 2, 3);
        int[] lists = NegativeSampler.Draw([0, 1, 0, 0, 1, 0], 9000, ref random), counts = new int[6];
        foreach (int other in lists[(2 * 9001 + 1)..(3 * 9001)])
        {
            counts[other]++;
        }

        Assert.All([0, 3, 5], other => Assert.InRange(counts[other], 2800, 3200));
    }

    [Fact]
    public void SourcesAreUtteranceSpeakerAndBatch()
    {
        int[] utterances = [0, 0, 1, 2, 2, 3];
        Assert.Equal(utterances, NegativeSampler.Groups(NegativeSource.Utterance, utterances, null));
        Assert.Equal(new int[6], NegativeSampler.Groups(NegativeSource.Batch, utterances, null));

        // Utterances 0 and 2 have one speaker; nobody knows who speaks in 1 and 3, which stay apart.
        int[] groups = NegativeSampler.Groups(NegativeSource.Speaker, utterances, [7, -1, 7, -1]);
        Assert.Equal([true, true, false, true, true, false], groups.Select(g => g == groups[0]));
        Assert.NotEqual(groups[2], groups[5]);
        Assert.StartsWith("method.negatives: nothing says who speaks", Assert.Throws<ConfigurationException>(() => NegativeSampler.Groups(NegativeSource.Speaker, utterances, null)).Message, StringComparison.Ordinal);
    }
}
