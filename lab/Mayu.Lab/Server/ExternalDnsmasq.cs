using Mayu.Lab.Rack;

namespace Mayu.Lab.Server;

/// <summary>
/// A PXE environment that was there before: a plain dnsmasq with a pool, which has firmware load iPXE, and iPXE the server's boot script.
/// </summary>
internal static class ExternalDnsmasq
{
    private static readonly string[] Loaders = ["/usr/lib/ipxe/undionly.kpxe", "/usr/lib/ipxe/snponly.efi"];

    /// <summary>Starts it in the rack; it ends with the rack.</summary>
    /// <exception cref="LabException">A boot loader is not installed.</exception>
    public static async Task<RackProcess> StartAsync(VirtualRack rack, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(rack.WorkFolder, "pxe")).FullName;
        foreach (var loader in Loaders)
        {
            if (!File.Exists(loader))
            {
                throw new LabException($"{loader} is missing: apt-get install ipxe");
            }

            File.Copy(loader, Path.Combine(folder, Path.GetFileName(loader)), overwrite: true);
        }

        var configuration = Path.Combine(folder, "dnsmasq.conf");
        await File.WriteAllTextAsync(configuration, Write(rack.Options, folder), cancellation);
        return await rack.StartAsync("dnsmasq", "dnsmasq.log", "dnsmasq", ["--keep-in-foreground", $"--conf-file={configuration}"]);
    }

    /// <summary>The text of its configuration.</summary>
    /// <param name="rack">The rack's network; a /24.</param>
    /// <param name="folder">Its boot loaders, and its leases.</param>
    public static string Write(RackOptions rack, string folder) =>
        $"""
        # A dnsmasq as a network may already have it; only the last two lines point to Mayu.
        port=0
        interface={rack.Bridge}
        bind-interfaces
        user=root
        log-facility=-
        log-dhcp
        no-ping
        dhcp-range={LabServerConfig.Host(rack.Address, 100)},{LabServerConfig.Host(rack.Address, 199)},1h
        dhcp-leasefile="{folder}/leases"
        enable-tftp
        tftp-root="{folder}"
        dhcp-match=set:uefi,option:client-arch,7
        dhcp-match=set:uefi,option:client-arch,9
        dhcp-boot=tag:!ipxe,tag:!uefi,undionly.kpxe
        dhcp-boot=tag:!ipxe,tag:uefi,snponly.efi
        dhcp-userclass=set:ipxe,iPXE
        dhcp-boot=tag:ipxe,http://{rack.Address}:4081/ipxebootscript

        """;
}
