using Mayu.InfoPusher.Http;

namespace Mayu.InfoPusher.Tests.Http;

public sealed class HttpTargetTests
{
    [Theory]
    [InlineData("http://10.0.0.1:4081/final-ignition-config.json", "10.0.0.1:4081", "/final-ignition-config.json")]
    [InlineData("http://10.0.0.1", "10.0.0.1:80", "/")]
    [InlineData("http://[fd00::1]:4081/x?a=b", "[fd00::1]:4081", "/x?a=b")]
    public void A_url_with_an_address_is_taken(string url, string endPoint, string path)
    {
        Assert.True(HttpTarget.TryParse(url, out var target, out _));
        Assert.Equal((endPoint, path), (target.EndPoint.ToString(), target.PathAndQuery));
    }

    [Theory]
    [InlineData("http://mayu.lab:4081/x", "is a host name")]
    [InlineData("https://10.0.0.1/x", "only http://")]
    [InlineData("10.0.0.1:4081", "not a URL")]
    [InlineData("http://u:p@10.0.0.1/", "password")]
    [InlineData("", "not a URL")]
    public void Any_other_url_is_refused_with_a_reason(string url, string reason)
    {
        Assert.False(HttpTarget.TryParse(url, out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }
}
