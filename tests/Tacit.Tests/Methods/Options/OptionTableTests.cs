using Tacit.Methods;
using Xunit;

namespace Tacit.Tests.Methods.Options;

public sealed class OptionTableTests
{
    private enum Colour
    {
        Red,
        DarkGreen,
    }

    private static OptionTable<Sample> Table { get; } = new OptionTable<Sample>()
        .Whole("count", o => o.Count, (o, v) => o with { Count = (int)v }, new Interval(1, 1000000))
        .WholeOrAuto("limit", o => o.Limit, (o, v) => o with { Limit = v }, Interval.NotNegative)
        .Number("rate", o => o.Rate, (o, v) => o with { Rate = v }, Interval.Fraction)
        .Real("exact", o => o.Exact, (o, v) => o with { Exact = v }, Interval.Positive)
        .Flag("on", o => o.On, (o, v) => o with { On = v })
        .Choice("colour", o => o.Colour, (o, v) => o with { Colour = v }, ("red", Colour.Red), ("dark-green", Colour.DarkGreen))
        .Wholes("widths", o => o.Widths, (o, v) => o with { Widths = v }, new Interval(1, 99))
        .Section("inner", o => o.Inner, (o, v) => o with { Inner = v }, new OptionTable<Inner>().Text("name", o => o.Name, (o, v) => o with { Name = v }));

    [Theory]
    [InlineData("count", "12", "12")]
    [InlineData("count", "1e3", "1000")]
    [InlineData("count", "10_000", "10000")]
    [InlineData("limit", "auto", "auto")]
    [InlineData("limit", "7", "7")]
    [InlineData("rate", "0.1", "0.1")]
    [InlineData("rate", "1e-3", "0.001")]
    [InlineData("exact", "0.30000000000000004", "0.30000000000000004")]
    [InlineData("on", "YES", "true")]
    [InlineData("on", "off", "false")]
    [InlineData("colour", "Dark_Green", "dark-green")]
    [InlineData("widths", "[4, 8]", "[4, 8]")]
    [InlineData("widths", "4,8,15", "[4, 8, 15]")]
    [InlineData("inner.name", " a b ", "a b")]
    public void AValueIsReadAndWrittenBack(string key, string text, string written) =>
        Assert.Equal(written, Table.Get(Table.Set(new Sample(), key, text), key));

    [Theory]
    [InlineData("count", "many", "count: 'many' is not a whole number.")]
    [InlineData("count", "1.5", "count: '1.5' is not a whole number.")]
    [InlineData("count", "0", "count: '0' is out of range: it must be from 1 to 1000000.")]
    [InlineData("count", "1e30", "count: '1e30' is not a whole number.")]
    [InlineData("limit", "-1", "limit: '-1' is out of range: it must be at least 0.")]
    [InlineData("rate", "nan", "rate: 'nan' is not a number.")]
    [InlineData("rate", "1.01", "rate: '1.01' is out of range: it must be from 0 to 1.")]
    [InlineData("exact", "0", "exact: '0' is out of range: it must be above 0.")]
    [InlineData("exact", "inf", "exact: 'inf' is not a number.")]
    [InlineData("exact", "Infinity", "exact: 'Infinity' is out of range: it must be above 0.")]
    [InlineData("on", "perhaps", "on: 'perhaps' is neither true nor false.")]
    [InlineData("colour", "blue", "colour: 'blue' is none of red, dark-green.")]
    [InlineData("widths", "[]", "widths: '[]' needs at least one number.")]
    [InlineData("widths", "4, 100", "widths: '4, 100' is out of range: it must be from 1 to 99.")]
    [InlineData("cuont", "1", "There is no configuration key 'cuont'. Did you mean 'count'?")]
    [InlineData("name", "1", "There is no configuration key 'name'. Did you mean 'inner.name'?")]
    [InlineData("something-else-entirely", "1", "There is no configuration key 'something-else-entirely'.")]
    public void AValueThatCannotBeIsRefusedByName(string key, string text, string message) =>
        Assert.Equal(message, Assert.Throws<ConfigurationException>(() => Table.Set(new Sample(), key, text)).Message);

    [Fact]
    public void SettingOneKeyLeavesTheOthers()
    {
        Sample changed = Table.Set(new Sample(), "inner.name", "x");
        Assert.Equal(new Sample() with { Inner = new Inner { Name = "x" } }, changed);
    }

    [Fact]
    public void KeysKeepTheirOrder() =>
        Assert.Equal(["count", "limit", "rate", "exact", "on", "colour", "widths", "inner.name"], Table.Keys);

    private sealed record Inner
    {
        public string Name { get; init; } = "n";
    }

    private sealed record Sample
    {
        private static readonly int[] Default = [1];

        public int Count { get; init; } = 1;

        public long? Limit { get; init; }

        public float Rate { get; init; }

        public double Exact { get; init; } = 1;

        public bool On { get; init; }

        public Colour Colour { get; init; }

        public IReadOnlyList<int> Widths { get; init; } = Default;

        public Inner Inner { get; init; } = new();
    }
}
