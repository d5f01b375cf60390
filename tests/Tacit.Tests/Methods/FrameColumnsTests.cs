using Tacit.Methods;
using Tacit.Tensors;

namespace Tacit.Tests.Methods;

/// <summary>What methods that tell the future show of it.</summary>
public sealed class FrameColumnsTests
{
    [Fact]
    public void What_was_told_stands_at_the_frame_it_was_told_of()
    {
        // Two items of 4 and 3 real frames of 2 numbers, told two frames ahead: rows 0, 1 of the first item and 0 of the second.
        Tensor frames = Tensor.Lasting(new Shape(2, 4, 2));
        int[] now = FrameRows.Followed([4, 3], 4, 2);
        Tensor told = Tensor.Lasting(new Shape(3, 2));
        for (int i = 0; i < 6; i++)
        {
            told.Span[i] = i + 1;
        }

        IReadOnlyList<FrameColumn> columns = FrameAhead.Columns(frames, now, 2, () => told);

        Assert.Equal(["frames", "what it told 2 frames before"], columns.Select(c => c.Name));
        Assert.Same(frames, columns[0].Frames);
        Assert.Equal([0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 0, 0], columns[1].Frames.ToArray());
    }

    [Fact]
    public void Of_recordings_that_are_too_short_nothing_is_told()
    {
        Tensor frames = Tensor.Lasting(new Shape(1, 2, 2));

        IReadOnlyList<FrameColumn> columns = FrameAhead.Columns(frames, FrameRows.Followed([2], 2, 5), 5, () => throw new InvalidOperationException("There is nothing to tell."));

        Assert.All(columns[1].Frames.ToArray(), value => Assert.Equal(0, value));
    }
}
