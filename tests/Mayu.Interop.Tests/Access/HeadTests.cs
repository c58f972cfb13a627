using System.Text.Json.Nodes;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Access;

/// <summary>HEAD over HTTP/2, which curl speaks by itself with TLS: an answer with a body breaks it (RFC 9113 §8.1.1), and .NET's own client takes no notice.</summary>
public sealed class HeadTests
{
    [Fact]
    public async Task Every_path_of_the_api_answers_head_over_http_2_without_a_body()
    {
        TestNetwork.NeedRoot();
        await using var network = new TestNetwork();
        var host = await network.AddHostAsync("h");
        await using var mayu = new MayuServer(host, "127.0.0.1");
        await mayu.ConfigureAsync(MayuServer.OnLoopback);
        await mayu.StartAsync();
        await TestNetwork.TryAsync(host, "curl", "--silent", "--max-time", "20", "--data",
            """{"Serial":"a","NetDevs":[{"Name":"eth0","MacAddress":"52:54:00:00:00:01"}],"ConnectedNIC":"eth0"}""", "http://127.0.0.1:4081/provisioning-config");
        var described = JsonNode.Parse(await mayu.ApiAsync("/openapi/v1.json"))!["paths"]!.AsObject();
        string[] paths = ["/docs", "/openapi/v1.json", "/nosuch", .. described.Where(path => path.Value!["get"] is not null).Select(path => path.Key.Replace("{serial}", "a", StringComparison.Ordinal))];

        Assert.True(paths.Length > 30, string.Join(' ', paths));
        var failures = new List<string>();
        foreach (var path in paths)
        {
            var answer = await mayu.ApiAsync(path, "--http2", "--head", "--show-error", "--write-out", "ended %{http_code} %{http_version} %{size_download}");
            if (!answer.Contains("ended ", StringComparison.Ordinal) || !answer.EndsWith(" 2 0", StringComparison.Ordinal) || answer.Contains("curl:", StringComparison.Ordinal))
            {
                failures.Add($"{path}: {answer}");
            }
        }

        Assert.Equal([], failures);
    }
}
