namespace Mayu.Interop.Tests.Network;

/// <summary>Starts the DHCP servers of others, with a configuration as their own documentation would have it, on the host 10.77.0.2.</summary>
internal static class OtherServer
{
    public static readonly string[] All = ["dhcpd", "kea", "dnsmasq"];

    /// <summary>Starts one and returns when it answers.</summary>
    /// <param name="program">One of <see cref="All"/>.</param>
    /// <param name="host">Where; its eth0 has the address.</param>
    /// <param name="configuration">Its configuration; the folders in which it would keep its files are replaced.</param>
    /// <param name="folder">The folder in place of those; TFTP's root as well.</param>
    public static async Task<RunningProgram> StartAsync(string program, string host, string configuration, string folder)
    {
        var file = Path.Combine(folder, program + ".conf");
        await File.WriteAllTextAsync(file, configuration
            .Replace("/var/lib/kea", folder, StringComparison.Ordinal)
            .Replace("/srv/tftp", folder, StringComparison.Ordinal));
        var leases = Path.Combine(folder, program + ".leases");
        await File.WriteAllTextAsync(leases, "");
        var pid = Path.Combine(folder, program + ".pid");
        return program switch
        {
            "dhcpd" => await RunningProgram.StartAsync(
                host, "Server starting service", "dhcpd", "-4", "-f", "-d", "-cf", file, "-lf", leases, "-pf", pid, "eth0"),
            "kea" => await RunningProgram.StartAsync(
                host, "DHCP4_STARTED", "env", $"KEA_PIDFILE_DIR={folder}", $"KEA_LOCKFILE_DIR={folder}", "kea-dhcp4", "-c", file),
            "dnsmasq" => await RunningProgram.StartAsync(
                host, "dnsmasq-dhcp", "dnsmasq", "--keep-in-foreground", "--log-facility=-", "--user=root", "--pid-file=" + pid,
                "--dhcp-leasefile=" + leases, "--conf-file=" + file),
            _ => throw new ArgumentOutOfRangeException(nameof(program), program, "no such server"),
        };
    }

    /// <summary>The configuration of a DHCP server that knows nothing about booting, and asks nobody whether an address is free: that takes seconds.</summary>
    public static string Plain(string program) => program switch
    {
        "dhcpd" => """
            subnet 10.77.0.0 netmask 255.255.255.0 {
              range 10.77.0.150 10.77.0.199;
              option routers 10.77.0.254;
              ping-check false;
            }
            """,
        "kea" => """
            { "Dhcp4": {
                "interfaces-config": { "interfaces": [ "eth0" ] },
                "lease-database": { "type": "memfile", "persist": false },
                "subnet4": [ { "id": 1, "subnet": "10.77.0.0/24", "pools": [ { "pool": "10.77.0.150 - 10.77.0.199" } ],
                               "option-data": [ { "name": "routers", "data": "10.77.0.254" } ] } ] } }
            """,
        "dnsmasq" => """
            interface=eth0
            bind-interfaces
            port=0
            no-ping
            dhcp-range=10.77.0.150,10.77.0.199,1h
            dhcp-option=option:router,10.77.0.254
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(program), program, "no such server"),
    };
}
