using System.Reflection;
using Mayu.Client;
using Mayu.Server.Api.Description;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api.Description;

/// <summary>What the typed client asks for is described: path, method and parameters.</summary>
public sealed class TypedClientTests
{
    private static readonly HistoryRequest Everything = new() { Serial = "a", Since = DateTimeOffset.UnixEpoch, Until = DateTimeOffset.UnixEpoch, Who = "a", Field = "State", Before = "a", Fields = true };

    [Fact]
    public async Task Each_request_of_the_client_is_described()
    {
        await using var server = await TestServer.StartAsync();
        var document = await DescribedApi.ReadAsync(server);
        var requests = await RequestsAsync();

        Assert.True(requests.Count >= 22, $"{requests.Count} requests");
        Assert.All(requests, request =>
        {
            var operation = Assert.Single(document.Operations, one => one.Method == request.Method && Fits(one.Path, request.Url.AbsolutePath));
            var names = request.Url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')[0]);
            Assert.Empty(names.Except(operation.Names("query")));
        });

        static bool Fits(string pattern, string path) =>
            pattern.Split('/').Zip(path.Split('/')).All(pair => pair.First == pair.Second || pair.First.StartsWith('{')) && pattern.Split('/').Length == path.Split('/').Length;
    }

    // Every method of the client is called with everything that it takes; nobody answers. A generic one only calls others.
    private static async Task<IReadOnlyList<(string Method, Uri Url)>> RequestsAsync()
    {
        var lines = new List<string>();
        var opened = await MayuClient.OpenAsync(new MayuClientOptions { Server = "http://127.0.0.1:1", IsAnonymous = true, Tries = 1, Log = lines.Add, Connect = (_, _) => throw new IOException("nobody") });
        Assert.True(opened.TryGet(out var client, out _));
        using (client)
        {
            var parts = client.GetType().GetProperties().Where(property => property.PropertyType.Name.EndsWith("Client", StringComparison.Ordinal)).Select(property => property.GetValue(client)!).ToList();
            Assert.True(parts.Count >= 5, string.Join(", ", parts));
            foreach (var target in parts.Prepend(client))
            {
                foreach (var method in target.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(method => method.ReturnType.IsAssignableTo(typeof(Task)) && !method.IsGenericMethod))
                {
                    await (Task)method.Invoke(target, [.. method.GetParameters().Select(parameter => ValueOf(parameter.ParameterType))])!;
                }
            }
        }

        // The report of a machine goes to the boot listener.
        return [.. lines.Select(line => line.Split(' ')).Where(parts => parts is [_, var url] && !url.Contains("/callbacks/", StringComparison.Ordinal)).Select(parts => (parts[0], new Uri(parts[1])))];
    }

    private static object? ValueOf(Type type) =>
        type == typeof(string) ? "a"
        : type == typeof(bool) ? true
        : type == typeof(IReadOnlyList<string>) ? new[] { "a" }
        : type == typeof(HistoryRequest) ? Everything
        : type == typeof(MachineListRequest) ? new MachineListRequest { Selector = "rack=7", Fields = ["serial"], Sort = "serial", After = "a", Limit = 1 }
        : type == typeof(Client.Contracts.BootCompleteReport) ? new Client.Contracts.BootCompleteReport()
        : type == typeof(CancellationToken) ? TestContext.Current.CancellationToken
        : System.Text.Json.JsonSerializer.Deserialize(ContractExamples.Of(type), Client.Contracts.ApiJsonContext.Default.GetTypeInfo(type)!);
}
