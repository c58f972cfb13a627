using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.GeneratedClient;

/// <summary>
/// A validator of npm accepts /openapi/v1.json, and a TypeScript client that openapi-typescript and openapi-fetch make of it talks to the real server. What
/// npm installs is pinned by the lock file beside this one.
/// </summary>
public sealed class GeneratedClientTests
{
    private const string Facts =
        """{"Serial":"typed-1","NetDevs":[{"Name":"eth0","MacAddress":"52:54:00:00:00:01"}],"ConnectedNIC":"eth0"}""";

    [Fact]
    public async Task A_client_that_was_generated_from_the_description_lists_changes_and_is_refused()
    {
        TestNetwork.NeedRoot();
        await using var network = new TestNetwork();
        var host = await network.AddHostAsync("s");
        await using var mayu = new MayuServer(host, "127.0.0.1");
        await mayu.ConfigureAsync(MayuServer.OnLoopback);
        await mayu.StartAsync();
        // No image is installed here: it gets its record, and no config.
        await TestNetwork.TryAsync(host, "curl", "--silent", "--max-time", "20", "--data", Facts, "http://127.0.0.1:4081/provisioning-config");

        var folder = await InstallAsync(mayu.Folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "openapi.json"), await mayu.ApiAsync("/openapi/v1.json"), TestContext.Current.CancellationToken);
        Assert.Contains("\"valid\": true", await ShellAsync(folder, "node_modules/.bin/validate-api openapi.json"), StringComparison.Ordinal);
        await ShellAsync(folder, "node_modules/.bin/openapi-typescript openapi.json --output schema.d.ts");
        await ShellAsync(folder, "node_modules/.bin/tsc");
        var said = await TestNetwork.RunAsync(
            host, "sh", "-c", "cd \"$1\" && NODE_EXTRA_CA_CERTS=\"$2/ca.pem\" MAYU_SERVER=https://127.0.0.1:4080 MAYU_TOKEN=$(cat \"$2/operator-token\") node talk.js", "sh", folder, Path.Combine(mayu.Data, "keys"));
        Assert.StartsWith("talked with https://127.0.0.1:4080/api/v1/machines?", said, StringComparison.Ordinal);
    }

    private static async Task<string> InstallAsync(string parent)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, "client")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "GeneratedClient")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        await ShellAsync(folder, "npm ci --ignore-scripts");
        return folder;
    }

    // In the folder, on this machine's own network.
    private static Task<string> ShellAsync(string folder, string command) => ProgramRun.OrFailAsync("sh", "-c", $"cd \"$1\" && {command}", "sh", folder);
}
