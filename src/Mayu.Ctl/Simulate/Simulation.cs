using Mayu.Protocols.Pxe;

namespace Mayu.Ctl.Simulate;

/// <summary>One boot, from the first DHCPDISCOVER to a kernel with its initial RAM disk, over the real sockets.</summary>
/// <param name="machine">Who boots.</param>
/// <param name="network">Where.</param>
/// <param name="options">How.</param>
/// <param name="log">Where each hop is noted.</param>
internal sealed class Simulation(SimulatedMachine machine, BootNetwork network, SimulationOptions options, HopLog log) : IDisposable
{
    /// <summary>The largest boot loader that is taken, in bytes.</summary>
    public const long LargestLoader = 64L << 20;

    private readonly DhcpExchange _dhcp = new(network, log, options.Patience, options.WaitsForProxy);
    private readonly TftpDownload _tftp = new(network, log, options.Patience);
    private readonly HttpDownload _http = new(network, log, options.Patience);

    /// <summary>Boots.</summary>
    /// <returns>Where it ended, as a sentence.</returns>
    /// <exception cref="SimulationFailure">It came no further.</exception>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        var (client, lease) = (machine.StartsAsIpxe ? machine.Ipxe : machine.Firmware, (BootLease?)null);
        try
        {
            lease = await _dhcp.LeaseAsync(client, cancellation);
            var loaders = new LoaderSimulation(machine, network, log, _dhcp, _tftp, _http);
            var outcome = machine.StartsAsIpxe ? await loaders.IpxeAsync(lease, isLoaded: false, cancellation) : await FirmwareAsync(loaders, lease, cancellation);
            return outcome is LoaderOutcome.Boot boot ? await EndAsync(boot, cancellation)
                : outcome is LoaderOutcome.LocalDisk disk ? $"it starts its own disk ({disk.How})"
                : ((LoaderOutcome.Nothing)outcome).Why;
        }
        finally
        {
            // A real machine's lease is not ours to give back.
            if (lease is not null && options.ReleasesLease)
            {
                _dhcp.Release(client, lease);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<LoaderOutcome> FirmwareAsync(LoaderSimulation loaders, BootLease lease, CancellationToken cancellation)
    {
        var file = lease.Told.BootFile;
        if (file.Length == 0)
        {
            throw new SimulationFailure("ack", "it has an address and no boot file", $"find out why: mayuctl explain {machine.HardwareAddress}; or another DHCP server answered") { IsSilence = true };
        }

        var isUrl = Uri.TryCreate(file, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        if (machine.Firmware.Kind == PxeClientKind.HttpBoot)
        {
            if (!isUrl || !lease.Told.IsHttp)
            {
                throw new SimulationFailure("ack", $"UEFI HTTP boot takes an absolute URL and option 60 HTTPClient; it got \"{file}\"{(lease.Told.IsHttp ? "" : " without option 60")}",
                    $"mayuctl explain {machine.HardwareAddress} --loader http");
            }

            // EDK2 asks for the length first.
            await _http.FetchAsync("file", new HttpRequestMessage(HttpMethod.Head, url), LargestLoader, null, cancellation);
            await _http.FetchAsync("file", new HttpRequestMessage(HttpMethod.Get, url), LargestLoader, null, cancellation);
        }
        else if (isUrl)
        {
            throw new SimulationFailure("ack", $"PXE firmware loads files by TFTP, and is told the URL {file}", $"mayuctl explain {machine.HardwareAddress} --loader pxe");
        }
        else
        {
            await _tftp.FetchAsync("file", LoaderSimulation.FileServer(lease), file, LargestLoader, null, cancellation);
        }

        return await loaders.LoaderAsync(lease, file, isUrl, cancellation);
    }

    // The discovery system reads it in its initial RAM disk; its name tells it as well.
    private static string? TokenOf(LoaderOutcome.Boot boot, string[] words) =>
        boot.Initrds.Select(initrd => initrd.Split('/')).Select(path => path is [.., "boot", var token, "mayu.cpio"] ? token : null).FirstOrDefault(token => token is not null)
        ?? words.FirstOrDefault(word => word.StartsWith("mayu.token=", StringComparison.Ordinal))?["mayu.token=".Length..];

    private async Task<string> EndAsync(LoaderOutcome.Boot boot, CancellationToken cancellation)
    {
        var words = boot.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var server = words.FirstOrDefault(word => word.StartsWith("mayu.url=", StringComparison.Ordinal))?["mayu.url=".Length..];
        log.Add("boot", $"the kernel starts with: {boot.Arguments}");
        if (!options.Registers)
        {
            return "its kernel starts";
        }

        if (server is null)
        {
            throw new SimulationFailure("first-stage", "the kernel line names no server (mayu.url=)", "it is no discovery system of Mayu's, and would not register");
        }

        var serial = words.FirstOrDefault(word => word.StartsWith("mayu.serial=", StringComparison.Ordinal))?["mayu.serial=".Length..];
        await new RegistrationSimulation(machine, _dhcp, _http).RunAsync(server, serial is null ? machine.Serial : Uri.UnescapeDataString(serial), TokenOf(boot, words), cancellation);
        return "it is registered, and has its config";
    }
}
