using Mayu.Lab.Rack;

namespace Mayu.Firmware.Tests;

/// <summary>Another host in the rack's network, 10.77.0.2 on eth0, with a DHCP server of its own.</summary>
internal sealed class OtherHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly BootedRack _rack;
    private readonly string _name;

    private OtherHost(BootedRack rack, string folder) => (_rack, Folder, _name) = (rack, folder, rack.Rack.Name + "-o");

    /// <summary>Its files; boot loaders for TFTP are there.</summary>
    public string Folder { get; }

    /// <summary>Plugs it in.</summary>
    public static async Task<OtherHost> PlugInAsync(BootedRack rack)
    {
        var host = new OtherHost(rack, Directory.CreateDirectory(Path.Combine(rack.Rack.WorkFolder, "other")).FullName);
        // What a killed test left, if anything.
        await Tool.RunAsync("ip", ["netns", "del", host._name]);
        string[][] commands =
        [
            ["netns", "add", host._name],
            ["link", "add", "other", "netns", rack.Rack.Name, "type", "veth", "peer", "name", "eth0", "netns", host._name],
            ["-n", rack.Rack.Name, "link", "set", "other", "master", rack.Rack.Options.Bridge, "up"],
            ["-n", host._name, "address", "add", "10.77.0.2/24", "dev", "eth0"],
            ["-n", host._name, "link", "set", "eth0", "up"],
        ];
        foreach (var command in commands)
        {
            (await Tool.RunAsync("ip", command)).OrThrow();
        }

        File.Copy("/usr/lib/ipxe/undionly.kpxe", Path.Combine(host.Folder, "undionly.kpxe"));
        File.Copy("/usr/lib/ipxe/snponly.efi", Path.Combine(host.Folder, "snponly.efi"));
        // A server that gives up root has to read them.
        foreach (var file in Directory.GetFiles(host.Folder))
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        return host;
    }

    /// <summary>The example of docs/external.md for a program, with this host's folder in the place of the system's.</summary>
    public string ExampleOf(string program)
    {
        var page = File.ReadAllText(Path.Combine(LabFiles.Root, "docs", "external.md"));
        var after = page.Split($"<!-- example: {program}.conf -->\n```text\n")[1];
        return after[..after.IndexOf("```", StringComparison.Ordinal)]
            .Replace("/srv/tftp", Folder, StringComparison.Ordinal)
            .Replace("/var/lib/kea", Folder, StringComparison.Ordinal);
    }

    /// <summary>Starts dnsmasq; it ends with the rack.</summary>
    public async Task StartDnsmasqAsync(string configuration)
    {
        var file = Path.Combine(Folder, "dnsmasq.conf");
        await File.WriteAllTextAsync(file, configuration);
        await StartAsync(
            "dnsmasq", "DHCP, IP range",
            "dnsmasq", "--keep-in-foreground", "--log-facility=-", "--user=root", "--pid-file=", $"--dhcp-leasefile={Folder}/leases", $"--conf-file={file}");
    }

    /// <summary>Starts Kea; it ends with the rack.</summary>
    public async Task StartKeaAsync(string configuration)
    {
        var file = Path.Combine(Folder, "kea.conf");
        await File.WriteAllTextAsync(file, configuration);
        await StartAsync("kea", "DHCP4_STARTED", "env", $"KEA_PIDFILE_DIR={Folder}", $"KEA_LOCKFILE_DIR={Folder}", "kea-dhcp4", "-c", file);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Tool.RunAsync("ip", ["netns", "del", _name]);

    private async Task StartAsync(string name, string ready, params string[] command)
    {
        var process = await _rack.Rack.StartAsync(name, name + ".log", "ip", ["netns", "exec", _name, .. command]);
        for (var waited = TimeSpan.Zero; !process.Tail(200).Contains(ready, StringComparison.Ordinal); waited += Glance)
        {
            Assert.True(waited < Patience && !process.HasExited, $"{name} did not start: {process.Tail(200)}");
            await Task.Delay(Glance, TestContext.Current.CancellationToken);
        }
    }
}
