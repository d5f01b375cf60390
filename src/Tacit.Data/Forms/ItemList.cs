namespace Tacit.Data.Forms;

/// <summary>The items that one form of data set holds, whatever kind they are of: names, labels, and what was odd.</summary>
internal class ItemList
{
    /// <summary>What was recognised, as <c>data info</c> prints it.</summary>
    public required string Form { get; init; }

    /// <summary>One name per item.</summary>
    public required string[] Names { get; init; }

    /// <summary>One class number per item, -1 where it has none; null where no item has one.</summary>
    public int[]? Labels { get; init; }

    /// <summary>The classes' names by number.</summary>
    public string[] Classes { get; init; } = [];

    /// <summary>What the form itself found unusable.</summary>
    public List<BrokenItem> Broken { get; init; } = [];

    public List<string> Warnings { get; init; } = [];

    /// <summary>Files that are neither items nor known company of items.</summary>
    public int Ignored { get; init; }

    /// <summary>Some of the items, in the order given, with the same classes.</summary>
    public ItemList Only(int[] chosen) => new()
    {
        Form = Form,
        Names = Array.ConvertAll(chosen, i => Names[i]),
        Labels = Labels is { } labels ? Array.ConvertAll(chosen, i => labels[i]) : null,
        Classes = Classes,
    };
}
