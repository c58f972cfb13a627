using System.Text.Json.Nodes;
using Mayu.Ctl.Output;
using YamlDotNet.RepresentationModel;

namespace Mayu.Ctl.Tests.Output;

public sealed class YamlTextTests
{
    [Theory]
    [InlineData("plain words", "plain words")]
    [InlineData("vm-001", "vm-001")]
    [InlineData("true", "\"true\"")]
    [InlineData("No", "\"No\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("12", "\"12\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("", "\"\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("- a", "\"- a\"")]
    [InlineData("a #b", "\"a #b\"")]
    [InlineData("2026-01-02", "\"2026-01-02\"")]
    [InlineData("line\nbreak\u001b", "\"line\\nbreak\\e\"")]
    public void A_text_is_quoted_where_a_reader_could_take_it_for_something_else(string text, string expected) =>
        Assert.Equal($"k: {expected}\n", Write(new JsonObject { ["k"] = text }));

    [Fact]
    public void A_document_reads_back_as_the_same_values()
    {
        var node = JsonNode.Parse("""{"a":[1,2.5,true,null,"x",{}],"long":"LONG","empty":[],"o":{"k":"v: w"}}""".Replace("LONG", string.Join(' ', Enumerable.Repeat("word", 100)), StringComparison.Ordinal))!;

        var text = Write(node);

        Assert.StartsWith("a:\n  - 1\n  - 2.5\n  - true\n  - null\n  - x\n  - {}\nlong: word word", text, StringComparison.Ordinal);
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        Assert.Equal((string?)node["long"], root["long"].ToString());
        Assert.Equal("v: w", root["o"]["k"].ToString());
        Assert.Equal(11, text.TrimEnd().Split('\n').Length);
    }

    private static string Write(JsonNode? node)
    {
        var output = new StringWriter { NewLine = "\n" };
        YamlText.Write(output, node);
        return output.ToString();
    }
}
