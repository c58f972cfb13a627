using System.Collections.Immutable;
using System.Globalization;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;

namespace Mayu.Core.Boot;

/// <summary>
/// Hop by hop: what is to follow, how soon, and what is usually behind it when it does not. The first rule that is about a case is
/// the one; docs/troubleshooting.md has the same table, and a test holds it to this one.
/// </summary>
public static class StallTable
{
    private const string AnotherDhcpServer = "another DHCP server on the network answered it: remove one of the two, or set dhcp.mode: proxy";
    private const string NoWayBack = "Mayu's answers do not reach it: a firewall, a VLAN, or a switch port that is not forwarding yet (spanning tree without portfast)";
    private const string LookAtConsole = "the machine's screen or serial console shows which";

    private static readonly string[] NoNetworkInSystem =
    [
        "the discovery system has no driver for its network card",
        "its kernel did not start: too little memory, or a kernel for another architecture",
        "its own DHCP got no answer: " + NoWayBack,
        "look at its console; for a serial console put console=ttyS0,115200 into kernel_arguments",
    ];

    /// <summary>All rules, in the order in which a machine comes by.</summary>
    public static ImmutableArray<StallRule> Rules { get; } =
    [
        Rule(HopKind.Discover, HopKind.Offer, 30, "it asked for an address", "was offered none",
            "the engine that answers DHCP has no address left, or is configured to ignore it: see its log"),
        Rule(HopKind.Offer, HopKind.Request, 30, "it was offered an address", "never took it",
            AnotherDhcpServer, NoWayBack, "its firmware needs something that the offer does not have: try another boot mode in its setup"),
        Rule(HopKind.Request, HopKind.Ack, 30, "it requested the offered address", "was not answered",
            "it took the offer of another DHCP server", "the engine that answers DHCP is overloaded or was restarted: see its log"),
        Rule(HopKind.Nak, HopKind.Discover, 30, "it requested an address and was refused", "did not ask for another one",
            "it keeps an old lease and needs a restart", NoWayBack),
        Rule(HopKind.Decline, HopKind.Discover, 30, "it found its address in use", "did not ask for another one",
            "it waits, as RFC 2131 requires, and will ask again", "another device uses an address of the pool: find it, or choose another bootstrap_range"),
        Rule(HopKind.Proxy, HopKind.File, 60, "it got its boot file from Mayu and its address from another DHCP server", "never asked for that file",
            "the other DHCP server sends a boot file, too (options 66, 67): remove it there", "it has no address: the other server's pool is full",
            "a firewall blocks TFTP, whose answers come from ports other than 69 (tftp.single_port)") with { Did = hop => $"it got a proxyDHCP answer ({hop.Detail})" },
        Rule(HopKind.Ack, HopKind.Script, 40, "it was sent the URL of its boot script", "never asked for it",
            "it cannot reach the boot port (boot.port): a firewall, or no route to network.address", "its iPXE is too old and has no HTTP", LookAtConsole)
            with { When = it => IsUrl(it.Step), Did = hop => $"it was sent the boot file {hop.BootFile}" },
        Rule(HopKind.Ack, HopKind.File, 40, "it has an address and was sent its boot file", "never asked for that file",
            "a firewall blocks TFTP, whose answers come from ports other than 69 (tftp.single_port)", "it took the boot file of another DHCP server",
            "its firmware cannot boot from this network card: update the firmware, or boot from another card")
            with { Did = hop => $"it was sent the boot file {hop.BootFile}" },
        Rule(HopKind.File, HopKind.File, 40, "it asked for a file that is not there", "did not ask for another one",
            "the file is neither in tftp_root nor installed: put it into tftp_root", "another DHCP server, or an old setup, sent it this file name")
            with { When = it => it.Step.Bytes is null, Did = hop => $"it asked for a file ({hop.Detail})" },
        Rule(HopKind.File, HopKind.File, 40, "its boot file came in part", "requested no more of it",
            "packets are lost: cable, switch port, duplex", "a link on the way has a smaller MTU: set tftp.max_block_size", "it was powered off or reset")
            with { When = it => it.Step.IsPartial, Did = hop => $"it fetched {Percent(hop)} of {hop.Subject}" },
        Rule(HopKind.File, HopKind.Script, 40, "the boot loader was fetched", "never asked for its boot script",
            "iPXE started and its own DHCP got no answer: the switch port is not forwarding again yet (spanning tree without portfast)",
            "iPXE cannot use the network card: try ipxe.efi (with localboot: silent) instead of snponly.efi, or another file (file of pxe.architectures)",
            "Secure Boot refused the loader: set pxe.loader: shim, or disable Secure Boot",
            "it cannot reach the boot port (boot.port)", LookAtConsole) with { Did = hop => $"it fetched {hop.Subject}" },
        Rule(HopKind.Script, HopKind.Kernel, 60, "it got its boot script", "never asked for the kernel",
            "it cannot reach the server's address in the script (network.address)", "its loader failed in the script: " + LookAtConsole)
            with { When = it => it.Answer.BootsFromNetwork },
        Rule(HopKind.Kernel, HopKind.Kernel, 120, "its kernel came in part", "fetched no more of it",
            "packets are lost: cable, switch port, duplex", "it was powered off or reset")
            with { When = it => it.Step.IsPartial, Did = hop => $"it fetched {Percent(hop)} of its kernel" },
        Rule(HopKind.Kernel, HopKind.Initrd, 60, "it fetched its kernel", "never asked for the initrd",
            "its loader ran out of memory: " + LookAtConsole, "the kernel was refused: Secure Boot requires a signed one"),
        Rule(HopKind.Initrd, HopKind.Initrd, 120, "its initrd came in part", "fetched no more of it",
            "packets are lost: cable, switch port, duplex", "it was powered off or reset")
            with { When = it => it.Step.IsPartial, Did = hop => $"it fetched {Percent(hop)} of its initrd" },
        Rule(HopKind.Initrd, HopKind.Config, 300, "it fetched its live system", "never asked for its config",
            "the system has no driver for its network card", "the system does not look for its config where Mayu puts it (token_delivery)", "look at its console")
            with { When = it => it.Answer is { Kind: BootAnswerKind.Live, TokenDelivery: TokenDelivery.KernelLine or TokenDelivery.PointerConfig } },
        Rule(HopKind.Initrd, HopKind.Complete, 900, "its live system started with its config", "did not report that it runs",
            "the system does not look for its config in its initrd (token_delivery)", "the config does not call template_snippets/boot_complete.sh", "the config failed: look at its console")
            with { When = it => it.Answer.Kind == BootAnswerKind.Live },
        Rule(HopKind.Initrd, HopKind.FirstStage, 180, "the discovery system started and got an address", "never asked for its first-stage script",
            "it cannot reach the boot port (boot.port): a firewall, or no route to network.address", "the discovery image does not fetch the script (it is not Mayu's)", "look at its console")
            with { When = it => it.HasAddress, Did = _ => "it fetched the discovery system, which has an address," },
        Rule(HopKind.Initrd, HopKind.FirstStage, 180, "it fetched the discovery system", "never asked for its first-stage script", NoNetworkInSystem),
        Rule(HopKind.FirstStage, HopKind.Facts, 180, "it got its first-stage script", "never sent its facts",
            "infopusher is neither in the discovery image nor served (hostinfo_helper)", "reading the hardware hangs: a disk or a BMC that does not answer", "look at its console"),
        Rule(HopKind.Facts, HopKind.Config, 120, "its facts were accepted", "never asked for its config",
            "its network failed in the middle", "look at its console"),
        Rule(HopKind.Config, HopKind.Complete, 900, "its live system got its config", "did not report that it runs",
            "the config does not call template_snippets/boot_complete.sh", "the config failed: look at its console")
            with { When = it => it.Answer.Kind == BootAnswerKind.Live },
        Rule(HopKind.Config, HopKind.Image, 180, "it got its config", "never asked for its disk image",
            "it found no disk that responds", "a step of the first-stage script hangs: look at its console"),
        Rule(HopKind.Image, HopKind.Image, 180, "its disk image came in part", "fetched no more of it",
            "its disk hangs", "packets are lost: cable, switch port, duplex", "it was powered off or reset")
            with { When = it => it.Step.IsPartial, Did = hop => $"it fetched {Percent(hop)} of its disk image" },
        Rule(HopKind.Image, HopKind.Installed, 600, "it fetched its disk image", "did not report that it is installed",
            "its disk is slow or hangs", "a step of the first-stage script hangs: look at its console"),
        Rule(HopKind.Progress, HopKind.Installed, 600, "it reported its progress", "reported no more",
            "its disk is slow or hangs", "it was powered off or reset", "a step of the first-stage script hangs: look at its console")
            with { Did = hop => $"it reported its progress ({hop.Detail}{(hop.IsPartial ? ", " + Percent(hop) : "")})" },
        Rule(HopKind.OwnDisk, HopKind.Complete, 900, "it got the boot script that starts its own disk", "did not report that it runs",
            "its boot loader did not return to the firmware: put the disk first in its boot order, name another file (pxe.architectures), or set localboot: silent",
            "its system did not start: look at its console", "its system has no network, or mayu-boot-complete.service failed",
            "its firmware goes back to the network each time, because the disk does not boot or by a setting (a retry count of PXE)")
            with
            {
                When = it => it.State == MachineState.Installed,
                Did = hop => $"it got the boot script that starts its own disk{(hop.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" {hop.Count} times, first") : "")}",
            },
        Rule(HopKind.Installed, HopKind.Complete, 900, "it restarted to boot its own disk", "did not report that it runs",
            "its firmware tries the network first and waits: put the disk first in its boot order",
            "its system did not start: look at its console", "its system has no network, or mayu-boot-complete.service failed"),
        Rule(HopKind.Silent, HopKind.Complete, 900, "it was left alone to boot its own disk", "did not report that it runs",
            "its firmware does not continue with the disk: put the disk first in its boot order, or set localboot: script",
            "its system did not start: look at its console", "its system has no network, or mayu-boot-complete.service failed")
            with { When = it => it is { State: MachineState.Installed, Answer.Kind: BootAnswerKind.LocalDisk } },
        Rule(HopKind.Failed, HopKind.Discover, 120, "a step failed", "did not start again",
            "it waits for a key at its screen", "its firmware gave up on the network: restart it") with { Did = hop => $"a step failed ({hop.Detail}{(hop.IsPartial ? ", " + Percent(hop) : "")})" },
    ];

    /// <summary>The rules about machines whose newest hop is this one.</summary>
    public static IEnumerable<StallRule> After(HopKind kind) => ByHop[kind];

    private static ILookup<HopKind, StallRule> ByHop { get; } = Rules.ToLookup(rule => rule.After);

    private static StallRule Rule(HopKind after, HopKind expected, int seconds, string title, string missing, params string[] causes) =>
        new(after, expected, TimeSpan.FromSeconds(seconds), title, missing, [.. causes]);

    private static bool IsUrl(Hop hop) => hop.BootFile?.StartsWith("http", StringComparison.OrdinalIgnoreCase) == true;

    private static string Percent(Hop hop) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * hop.Bytes / Math.Max(1, hop.Total ?? 1):0} %");
}
