using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Completion;

/// <summary>A server with a few machines, one of them with a serial that a careless shell would run.</summary>
public sealed class CompletionSite : IAsyncLifetime
{
    /// <summary>What its serial would do to a shell that reads it: make a file.</summary>
    public const string Trap = "x$(>pwned)";

    private readonly TestNetwork _network = new();
    private MayuServer? _mayu;

    internal string Host { get; private set; } = "";

    internal MayuServer Mayu => _mayu!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        TestNetwork.NeedRoot();
        Host = await _network.AddHostAsync("s");
        _mayu = new MayuServer(Host, "127.0.0.1");
        await _mayu.ConfigureAsync(MayuServer.OnLoopback);
        await _mayu.StartAsync();
        foreach (var (serial, last) in new[] { ("vm-007", 1), ("52:54:00:00:00:99", 2), (Trap, 3) })
        {
            // No image is installed here: it gets its record, and no config.
            var facts = $$"""{"Serial":"{{serial}}","NetDevs":[{"Name":"eth0","MacAddress":"02:00:00:00:09:0{{last}}"}],"ConnectedNIC":"eth0"}""";
            await TestNetwork.TryAsync(Host, "curl", "--silent", "--max-time", "20", "--data", facts, "http://127.0.0.1:4081/provisioning-config");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_mayu is not null)
        {
            await _mayu.DisposeAsync();
        }

        await _network.DisposeAsync();
    }
}
