using System.Globalization;
using System.Net;
using System.Text;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;

namespace Mayu.Ctl.Simulate;

/// <summary>What boot loaders do once they run: iPXE, GRUB (with shim before it), PXELINUX. Each is known by the name of its file.</summary>
internal sealed class LoaderSimulation(
    SimulatedMachine machine, BootNetwork network, HopLog log, DhcpExchange dhcp, TftpDownload tftp, HttpDownload http)
{
    private const long LargestScript = 1L << 20;
    private const long LargestKernel = 512L << 20;
    private const long LargestInitrd = 4L << 30;
    private const int MostScripts = 16;

    private static readonly string[] LoaderEndings = [".efi", ".kpxe", ".kkpxe", ".pxe", ".0", ".signed"];

    /// <summary>Where the files of a lease are.</summary>
    /// <exception cref="SimulationFailure">It does not say.</exception>
    public static IPAddress FileServer(BootLease lease) =>
        !lease.Told.NextServer.IsAny ? lease.Told.NextServer.ToIPAddress()
        : !lease.Told.Server.IsAny ? lease.Told.Server.ToIPAddress()
        : throw new SimulationFailure("ack", "it is told a boot file, and no server that has it (siaddr, option 66, option 54)", "the DHCP server has to name the TFTP server");

    /// <summary>A loader was fetched and runs.</summary>
    public async Task<LoaderOutcome> LoaderAsync(BootLease lease, string file, bool isUrl, CancellationToken cancellation)
    {
        var name = file[(file.LastIndexOf('/') + 1)..].ToLowerInvariant();
        var folder = file[..(file.LastIndexOf('/') + 1)];
        if (name.Contains("ipxe", StringComparison.Ordinal) || name.Contains("undionly", StringComparison.Ordinal) || name.Contains("snponly", StringComparison.Ordinal))
        {
            return await IpxeLoadedAsync(lease, folder, isUrl, cancellation);
        }

        if (name.Contains("pxelinux", StringComparison.Ordinal))
        {
            return await NamedAsync(lease, folder, isUrl, PxelinuxNamesOf(folder), PxelinuxInterpreter.Run, cancellation);
        }

        if (name.Contains("shim", StringComparison.Ordinal))
        {
            await FetchAsync("file", lease, $"{folder}grub{name.Replace("shim", "", StringComparison.Ordinal).Replace(".efi.signed", ".efi", StringComparison.Ordinal)}", isUrl, Simulation.LargestLoader, null, cancellation);
            return await GrubAsync(lease, folder, isUrl, cancellation);
        }

        return name.Contains("grub", StringComparison.Ordinal) || name == "core.0"
            ? await GrubAsync(lease, folder, isUrl, cancellation)
            : new LoaderOutcome.Nothing($"it fetched \"{file}\", which is no loader that a simulation knows");
    }

    /// <summary>iPXE that has its lease: it goes on with the script that it was told. One in a card may be told another loader first.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="isLoaded">Whether it was loaded by this boot: to load it again would go on for ever.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<LoaderOutcome> IpxeAsync(BootLease lease, bool isLoaded, CancellationToken cancellation)
    {
        var file = lease.Told.BootFile;
        if (file.Length == 0)
        {
            throw new SimulationFailure("script", "iPXE has an address and is told no script", $"mayuctl explain {machine.HardwareAddress} --loader ipxe");
        }

        if (!LoaderEndings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        {
            return await IpxeGoesOnAsync(lease, new LoaderOutcome.Chain(file), cancellation);
        }

        if (isLoaded)
        {
            throw new SimulationFailure("script", $"iPXE runs, and {lease.Told.Server} tells it to load \"{file}\" once more: a machine would do that for ever",
                "the DHCP server does not know iPXE by its user class (option 77), or has no URL of a script for it");
        }

        await FetchAsync("file", lease, file, IsUrl(file), Simulation.LargestLoader, null, cancellation);
        return await LoaderAsync(lease, file, IsUrl(file), cancellation);
    }

    private async Task<LoaderOutcome> IpxeLoadedAsync(BootLease lease, string folder, bool isUrl, CancellationToken cancellation)
    {
        // Under UEFI it looks for autoexec.ipxe beside itself first, and runs that in place of its own DHCP.
        if (machine.IsUefi && !isUrl)
        {
            using var script = new MemoryStream();
            log.Begin();
            var (size, refusal) = await tftp.TryFetchAsync("script", FileServer(lease), folder + "autoexec.ipxe", LargestScript, script, cancellation);
            if (refusal is null)
            {
                log.End("script", $"{folder}autoexec.ipxe by TFTP", size);
                var outcome = Interpreter(lease).Run(Encoding.UTF8.GetString(script.ToArray()));
                if (outcome is not LoaderOutcome.Autoboot)
                {
                    return await IpxeGoesOnAsync(lease, outcome, cancellation);
                }
            }
        }

        return await IpxeAsync(await dhcp.LeaseAsync(machine.Ipxe, cancellation), isLoaded: true, cancellation);
    }

    private async Task<LoaderOutcome> IpxeGoesOnAsync(BootLease lease, LoaderOutcome outcome, CancellationToken cancellation)
    {
        var location = "";
        for (var count = 0; outcome is LoaderOutcome.Chain chain; count++)
        {
            if (count == MostScripts)
            {
                throw new SimulationFailure("script", $"{MostScripts} scripts chain to each other, the last one to {chain.Location}", $"look at the scripts: mayuctl explain {machine.HardwareAddress} --loader ipxe");
            }

            location = chain.Location;
            using var script = new MemoryStream();
            await FetchAsync("script", lease, location, IsUrl(location), LargestScript, script, cancellation);
            outcome = Interpreter(lease).Run(Encoding.UTF8.GetString(script.ToArray()));
        }

        return await LoadAsync(lease, outcome, name => IsUrl(name) ? name : Beside(location, name), location, cancellation);
    }

    private Task<LoaderOutcome> GrubAsync(BootLease lease, string folder, bool isUrl, CancellationToken cancellation)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["prefix"] = folder.TrimEnd('/'),
            ["net_default_mac"] = machine.HardwareAddress.ToString(),
            ["net_default_ip"] = network.Address.ToString(),
            ["grub_platform"] = machine.IsUefi ? "efi" : "pc",
            ["grub_cpu"] = machine.BuildArchitecture,
        };
        return NamedAsync(lease, folder, isUrl, GrubNamesOf(folder), text => new GrubInterpreter(variables).Run(text), cancellation);
    }

    // Loaders without a URL ask for several names, one after the other.
    private async Task<LoaderOutcome> NamedAsync(
        BootLease lease, string folder, bool isUrl, IEnumerable<string> names, Func<string, LoaderOutcome> run, CancellationToken cancellation)
    {
        var tried = new List<string>();
        foreach (var name in names.Take(MostScripts))
        {
            tried.Add(name);
            using var script = new MemoryStream();
            try
            {
                await FetchAsync("script", lease, name, isUrl, LargestScript, script, cancellation);
            }
            catch (SimulationFailure) when (name != names.Last())
            {
                continue;
            }

            var outcome = run(Encoding.UTF8.GetString(script.ToArray()));
            if (outcome is LoaderOutcome.Chain chain)
            {
                script.SetLength(0);
                await FetchAsync("script", lease, chain.Location.TrimStart('/'), isUrl, LargestScript, script, cancellation);
                outcome = run(Encoding.UTF8.GetString(script.ToArray()));
            }

            return await LoadAsync(lease, outcome, Located, name, cancellation);
        }

        throw new SimulationFailure("script", $"none of the names is there that it asks for: {string.Join(", ", tried)}", $"look at its configuration: mayuctl explain {machine.HardwareAddress}");

        // (http,10.0.0.1:4081)/images/vmlinuz, (tftp,10.0.0.1)/images/vmlinuz, or below the loader's folder.
        string Located(string name)
        {
            var end = name.IndexOf(')', StringComparison.Ordinal);
            return name.StartsWith("(http,", StringComparison.Ordinal) && end > 0 ? $"http://{name["(http,".Length..end]}{name[(end + 1)..]}"
                : name.StartsWith("(tftp,", StringComparison.Ordinal) && end > 0 ? name[(end + 1)..].TrimStart('/')
                : IsUrl(name) ? name : folder + name;
        }
    }

    private async Task<LoaderOutcome> LoadAsync(BootLease lease, LoaderOutcome outcome, Func<string, string> locate, string script, CancellationToken cancellation)
    {
        switch (outcome)
        {
            case LoaderOutcome.Boot boot:
                var kernel = locate(boot.Kernel);
                await FetchAsync("kernel", lease, kernel, IsUrl(kernel), LargestKernel, null, cancellation);
                foreach (var initrd in boot.Initrds.Take(MostScripts).Select(locate))
                {
                    await FetchAsync("initrd", lease, initrd, IsUrl(initrd), LargestInitrd, null, cancellation);
                }

                return boot;
            case LoaderOutcome.LocalDisk:
                return outcome;
            case LoaderOutcome.Nothing nothing:
                throw new SimulationFailure("script", $"the script {script} starts nothing: {nothing.Why}", $"look at it: mayuctl explain {machine.HardwareAddress}");
            default:
                throw new SimulationFailure("script", $"the script {script} goes on to another one again", $"look at it: mayuctl explain {machine.HardwareAddress}");
        }
    }

    private Task<long> FetchAsync(string hop, BootLease lease, string location, bool isUrl, long maximum, Stream? keep, CancellationToken cancellation) =>
        isUrl && Uri.TryCreate(location, UriKind.Absolute, out var url)
            ? http.FetchAsync(hop, new HttpRequestMessage(HttpMethod.Get, url), maximum, keep, cancellation)
            : tftp.FetchAsync(hop, FileServer(lease), location, maximum, keep, cancellation);

    private IpxeInterpreter Interpreter(BootLease lease) => new(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["netX/mac"] = machine.HardwareAddress.ToString(),
        ["netX/ip"] = network.Address.ToString(),
        ["netX/next-server"] = lease.Told.NextServer.ToString(),
        ["next-server"] = lease.Told.NextServer.ToString(),
        ["serial"] = machine.Serial,
        ["uuid"] = machine.Uuid.ToString("D"),
        ["manufacturer"] = "Mayu",
        ["product"] = "Simulated",
        ["buildarch"] = machine.BuildArchitecture,
        ["platform"] = machine.IsUefi ? "efi" : "pcbios",
    });

    private IEnumerable<string> GrubNamesOf(string folder)
    {
        // GRUB prints the bytes of option 97 as they lie on the wire.
        yield return $"{folder}grub.cfg-{new Guid(machine.Uuid.ToByteArray(), bigEndian: true):D}";
        yield return $"{folder}grub.cfg-01-{machine.HardwareAddress.ToString().Replace(':', '-')}";
        foreach (var address in AddressNames())
        {
            yield return $"{folder}grub.cfg-{address}";
        }

        yield return $"{folder}grub.cfg";
    }

    private IEnumerable<string> PxelinuxNamesOf(string folder)
    {
        yield return $"{folder}{PxelinuxNames.Folder}{machine.Uuid:D}";
        yield return $"{folder}{PxelinuxNames.Folder}01-{machine.HardwareAddress.ToString().Replace(':', '-')}";
        foreach (var address in AddressNames())
        {
            yield return $"{folder}{PxelinuxNames.Folder}{address}";
        }

        yield return $"{folder}{PxelinuxNames.Folder}default";
    }

    private IEnumerable<string> AddressNames()
    {
        var hex = Ipv4.From(network.Address).Value.ToString("X8", CultureInfo.InvariantCulture);
        return Enumerable.Range(0, hex.Length).Select(cut => hex[..(hex.Length - cut)]);
    }

    private static bool IsUrl(string text) => text.Contains("://", StringComparison.Ordinal);

    private static string Beside(string location, string name) =>
        Uri.TryCreate(location, UriKind.Absolute, out var url) ? new Uri(url, name).ToString() : location[..(location.LastIndexOf('/') + 1)] + name;
}
