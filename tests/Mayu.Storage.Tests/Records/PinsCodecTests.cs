using System.Text;
using Mayu.Core.Machines;
using Mayu.Storage.Records;

namespace Mayu.Storage.Tests.Records;

public class PinsCodecTests
{
    [Fact]
    public void The_file_is_sorted_and_easy_to_read()
    {
        Pin[] pins = [new(Samples.Key("serial:b")), new(Samples.Key("mac:52:54:00:00:00:01")) { Profile = "core", Address = Samples.Address("10.0.0.5") }];
        var text = Encoding.UTF8.GetString(PinsCodec.Write(pins.OrderBy(p => p.Key)));
        Assert.Equal(
            """
            {
              "mac:52:54:00:00:00:01": {
                "Profile": "core",
                "Address": "10.0.0.5"
              },
              "serial:b": {}
            }

            """,
            text);
        Assert.Equal(pins.OrderBy(p => p.Key), PinsCodec.Read(Encoding.UTF8.GetBytes(text), out var problem)!.Values);
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\0\0", "NULs")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{\"serial:a\":{}", "")]
    [InlineData("{\"serial:a\":{},\"serial:a\":{}}", "")]
    [InlineData("{\"serial:a\":{},\"A\":{}}", "serial:a twice")]
    [InlineData("{\"mac:xx\":{}}", "not a MAC")]
    [InlineData("{\"serial:a\":null}", "serial:a")]
    [InlineData("{\"serial:a\":{\"Adress\":\"10.0.0.1\"}}", "Adress")]
    [InlineData("{\"serial:a\":{\"Address\":\"10.0.0\"}}", "not an IPv4 address")]
    [InlineData("{\"serial:a\":{\"Profile\":\"\"}}", "not a string")]
    [InlineData("{\"serial:a\":{\"Profile\":7}}", "not a string")]
    [InlineData("{\"serial:a\":{\"Address\":\"10.0.0.1\"},\"serial:b\":{\"Address\":\"10.0.0.1\"}}", "same address 10.0.0.1")]
    public void What_is_wrong_is_refused_with_a_reason(string text, string reason)
    {
        Assert.Null(PinsCodec.Read(Encoding.UTF8.GetBytes(text), out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }
}
