namespace Mayu.Interop.Tests.Network;

/// <summary>busybox udhcpc on a host: asks once for a lease, and says what it got on one line, which begins with `ip=`.</summary>
internal sealed class Udhcpc
{
    private readonly string _host;

    /// <param name="host">Where it runs.</param>
    /// <param name="folder">The folder that gets its script.</param>
    /// <param name="takesAddress">Whether the interface gets the address that it leased, as in a system; else the interface keeps what it has.</param>
    public Udhcpc(string host, string folder, bool takesAddress)
    {
        _host = host;
        Script = Path.Combine(folder, "udhcpc.script");
        File.WriteAllText(Script, $"""
            #!/bin/sh
            [ "$1" = bound ] || exit 0
            {(takesAddress ? """
            ip address flush dev "$interface" scope global
            ip address add "$ip/$mask" dev "$interface"
            """ : ":")}
            echo "ip=$ip mask=$mask router=$router dns=$dns domain=$domain lease=$lease server=$serverid file=$boot_file siaddr=$siaddr" \
              "opt43=$opt43 vendor=$vendor opt175=$opt175 mtu=$mtu hostname=$hostname opt150=$opt150"
            """);
        File.SetUnixFileMode(Script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>The script that says what it got.</summary>
    public string Script { get; }

    /// <summary>The address in what it says.</summary>
    public static string AddressIn(string lease) => lease.Split(' ')[0]["ip=".Length..];

    /// <summary>Asks for a lease, which it must get.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="mac">Its MAC from now on.</param>
    /// <param name="more">Further arguments.</param>
    public async Task<string> LeaseAsync(string nic, string mac, params string[] more)
    {
        var (lease, output) = await AskAsync(nic, mac, more);
        Assert.True(lease is not null, output);
        return lease;
    }

    /// <summary>Asks for a lease; null when it gets none.</summary>
    public async Task<string?> TryLeaseAsync(string nic, string mac, params string[] more) => (await AskAsync(nic, mac, more)).Lease;

    private async Task<(string? Lease, string Output)> AskAsync(string nic, string mac, string[] more)
    {
        await TestNetwork.IpAsync(_host, "link", "set", nic, "address", mac);
        var (exitCode, output) = await TestNetwork.TryAsync(_host, ["udhcpc", "-f", "-q", "-n", "-i", nic, "-t", "5", "-T", "2", "-s", Script, .. more]);
        return (exitCode == 0 ? output.Split('\n').Single(line => line.StartsWith("ip=", StringComparison.Ordinal)) : null, output);
    }
}
