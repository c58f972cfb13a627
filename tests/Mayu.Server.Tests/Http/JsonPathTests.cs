using Mayu.Server.Http;

namespace Mayu.Server.Tests.Http;

public sealed class JsonPathTests
{
    [Theory]
    [InlineData("$.state", "state")]
    [InlineData("$.metadata[3]", "metadata/3")]
    [InlineData("$.change.macAddresses[0]", "change/macAddresses/0")]
    [InlineData("$['a.b'].c", "a.b/c")]
    [InlineData("$['a/b~c']", "a~1b~0c")]
    [InlineData("$['a b'][0]['c]d']", "a%20b/0/c%5Dd")]
    [InlineData("$.ü", "%C3%BC")]
    [InlineData("$", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("$['a", null)]
    [InlineData("$[0", null)]
    [InlineData("state", null)]
    public void A_path_is_read_as_a_pointer(string? path, string? field) => Assert.Equal(field, JsonPath.FieldOf(path));

    [Fact]
    public void A_path_that_is_too_long_is_none() => Assert.Null(JsonPath.FieldOf("$." + new string('x', 400)));
}
