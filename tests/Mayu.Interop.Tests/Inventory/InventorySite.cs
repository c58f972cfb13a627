using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Inventory;

/// <summary>A server on a host of its own, with records of machines whose addresses are of the host's loopback.</summary>
internal sealed class InventorySite : IAsyncDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestNetwork _network = new();
    private MayuServer? _mayu;

    /// <summary>Where the server runs, and its neighbours do.</summary>
    public string Host { get; private set; } = "";

    public MayuServer Mayu => _mayu!;

    /// <summary>Starts the server.</summary>
    /// <param name="records">The machines' records, by serial.</param>
    public async Task StartAsync(IReadOnlyDictionary<string, string> records)
    {
        TestNetwork.NeedRoot();
        Host = await _network.AddHostAsync("s");
        _mayu = new MayuServer(Host, "127.0.0.1");
        foreach (var (serial, record) in records)
        {
            var folder = Directory.CreateDirectory(Path.Combine(Mayu.Data, "cluster", serial)).FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, "conf.json"), record);
        }

        await Mayu.ConfigureAsync("""
            engine: external
            network:
              address: 127.0.0.1
              subnet: 127.0.0.0/24
              internal_range: { start: 127.0.0.100, end: 127.0.0.150 }
              domain: rack.example
            defaults: { image: none }
            profiles: [{ name: core, quantity: 3 }]
            """);
        await Mayu.StartAsync();
    }

    /// <summary>The path of a file of the test, which it writes.</summary>
    public async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(Mayu.Folder, name);
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    /// <summary>Creates a token.</summary>
    public async Task<string> TokenAsync(string name, string role)
    {
        var (code, output) = await Mayu.CtlAsync("token", "create", name, "--role", role, "-o", "json");
        Assert.True(code == 0, output);
        return System.Text.Json.Nodes.JsonNode.Parse(output)!["token"]!.GetValue<string>();
    }

    /// <summary>Runs a program beside the server until its output has a text.</summary>
    public async Task UntilAsync(string text, Func<string> log, params string[] command)
    {
        for (var waited = TimeSpan.Zero; ; waited += Glance)
        {
            var (_, output) = await TestNetwork.TryAsync(Host, command);
            if (output.Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            Assert.True(waited < Patience, $"\"{text}\" is not in: {output}\n{log()}\n{Mayu.Log}");
            await Task.Delay(Glance, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_mayu is not null)
        {
            await _mayu.DisposeAsync();
        }

        await _network.DisposeAsync();
    }
}
