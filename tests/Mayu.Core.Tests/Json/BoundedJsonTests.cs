using System.Text;
using System.Text.Json;
using Mayu.Core.Json;

namespace Mayu.Core.Tests.Json;

public class BoundedJsonTests
{
    [Fact]
    public void What_is_too_long_too_deep_ambiguous_or_no_utf8_is_refused()
    {
        byte[][] refused =
        [
            Encoding.UTF8.GetBytes("[" + new string(' ', 100_000) + "]"),
            Encoding.UTF8.GetBytes(new string('[', 5000)),
            Encoding.UTF8.GetBytes(new string('[', BoundedJson.MaxDepth + 1) + new string(']', BoundedJson.MaxDepth + 1)),
            "{\"a\":1,\"a\":2}"u8.ToArray(),
            [(byte)'"', 0x82, (byte)'"'],
        ];
        foreach (var json in refused)
        {
            Assert.ThrowsAny<JsonException>(() => BoundedJson.Document(json, 10_000));
            Assert.ThrowsAny<JsonException>(() => BoundedJson.Node(json, 10_000));
        }

        Assert.All(refused[..^1], json => Assert.ThrowsAny<JsonException>(() => BoundedJson.Element(Encoding.UTF8.GetString(json), 10_000)));
    }

    [Fact]
    public void What_is_within_the_limits_is_read()
    {
        var json = Encoding.UTF8.GetBytes(new string('[', BoundedJson.MaxDepth) + new string(']', BoundedJson.MaxDepth));
        Assert.NotNull(BoundedJson.Node(json, json.Length));
        using var document = BoundedJson.Document(json, json.Length);
        Assert.Equal(JsonValueKind.Array, document.RootElement.ValueKind);
        Assert.Equal("1.30", BoundedJson.Number("1.30").ToJsonString());
    }

    [Theory]
    [InlineData("{\n x}", "line 2, byte 2: 'x' is an invalid start of a property name. Expected a '\"'")]
    [InlineData("", "line 1, byte 1: ")]
    public void A_place_is_told_as_editors_count_it(string json, string expected)
    {
        var failure = Assert.ThrowsAny<JsonException>(() => BoundedJson.Document(Encoding.UTF8.GetBytes(json), 100));

        var said = BoundedJson.Describe(failure);

        Assert.StartsWith(expected, said, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Path:", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_failure_is_told_as_it_is() => Assert.Equal("x", BoundedJson.Describe(new FormatException("x")));
}
