using System.Collections.Immutable;
using System.Globalization;
using Mayu.Core.Machines;

namespace Mayu.Core.Boot;

/// <summary>
/// Hop by hop: what is to follow, how soon, and what is usually behind it when it does not. The first rule that is about a case is
/// the one; docs/troubleshooting.md has the same table, and a test holds it to this one.
/// </summary>
public static class StallTable
{
    private const string AnotherDhcpServer = "another DHCP server on the network answered it: one of the two has to go, or Mayu becomes its proxy";
    private const string NoWayBack = "our answers do not reach it: a firewall, a VLAN, or a switch port that does not forward yet (spanning tree without portfast)";
    private const string LookAtConsole = "the machine's screen or serial console says which";

    private static readonly string[] NoNetworkInSystem =
    [
        "the discovery system has no driver for its network card",
        "its kernel did not start: too little memory, or a kernel that does not fit the machine",
        "its own DHCP got no answer: " + NoWayBack,
        "look at its console; kernel_arguments with console=ttyS0,115200 gives it a serial one",
    ];

    /// <summary>All rules, in the order in which a machine comes by.</summary>
    public static ImmutableArray<StallRule> Rules { get; } =
    [
        Rule(HopKind.Discover, HopKind.Offer, 30, "it asked for an address", "was offered none",
            "the engine that answers DHCP has no address left, or is told to leave it alone: its log says so"),
        Rule(HopKind.Offer, HopKind.Request, 30, "it was offered an address", "never took it",
            AnotherDhcpServer, NoWayBack, "its firmware wants something that the offer does not have: try another boot mode in its setup"),
        Rule(HopKind.Request, HopKind.Ack, 30, "it asked for the address that it was offered", "was not answered",
            "it took the offer of another DHCP server", "the engine that answers DHCP is overloaded or was restarted: its log says so"),
        Rule(HopKind.Nak, HopKind.Discover, 30, "it was refused the address that it asked for", "did not ask for another one",
            "it keeps an old lease and needs a restart", NoWayBack),
        Rule(HopKind.Decline, HopKind.Discover, 30, "it found its address in use", "did not ask for another one",
            "it waits as RFC 2131 says, and will ask again", "another device has an address of the pool: find it, or exclude the address"),
        Rule(HopKind.Proxy, HopKind.File, 60, "it was told its boot file beside the address of another DHCP server", "never asked for that file",
            "the other DHCP server names a boot file itself (options 66, 67): take that away", "it has no address: the other server's pool is full",
            "TFTP does not get through: answers come from other ports than 69") with { Did = hop => $"it was {hop.Detail}" },
        Rule(HopKind.Ack, HopKind.Script, 40, "it was told the URL of its boot script", "never asked for it",
            "it does not reach port 4081: a firewall, or no route to boot.url", "its iPXE is an old one without HTTP", LookAtConsole)
            with { When = it => IsUrl(it.Step), Did = hop => $"it was told to load {hop.BootFile}" },
        Rule(HopKind.Ack, HopKind.File, 40, "it has an address and was told its boot file", "never asked for that file",
            "TFTP does not get through: a firewall between; answers come from other ports than 69", "it took the boot file of another DHCP server",
            "its firmware does not know its own network card for PXE: update it, or boot from another card")
            with { Did = hop => $"it was told to load {hop.BootFile}" },
        Rule(HopKind.File, HopKind.File, 40, "it asked for a file that is not there", "did not ask for another one",
            "the file is neither in tftp.root nor installed: put it there", "a boot file of another DHCP server, or of an old setup, is named to it")
            with { When = it => it.Step.Bytes is null, Did = hop => $"it asked for a file ({hop.Detail})" },
        Rule(HopKind.File, HopKind.File, 40, "its boot file came in part", "no more was asked for",
            "packets are lost: cable, switch port, duplex", "blocks are too large for a link between: set a smaller block size", "it was switched off or reset")
            with { When = it => it.Step.IsPartial, Did = hop => $"it fetched {Percent(hop)} of {hop.Subject}" },
        Rule(HopKind.File, HopKind.Script, 40, "the boot loader was fetched", "never asked for its boot script",
            "iPXE started and its own DHCP got no answer: the switch port does not forward again yet (spanning tree without portfast)",
            "iPXE has no driver for the network card: try snponly.efi or undionly.kpxe in its place",
            "Secure Boot refused the loader: boot shim and GRUB, or switch Secure Boot off",
            "it does not reach port 4081", LookAtConsole) with { Did = hop => $"it fetched {hop.Subject}" },
        Rule(HopKind.Script, HopKind.Kernel, 60, "it got its boot script", "never asked for the kernel",
            "it does not reach boot.url, which the script names", "its loader failed at the script: " + LookAtConsole)
            with { When = it => it.Answer.BootsFromNetwork },
        Rule(HopKind.Kernel, HopKind.Kernel, 120, "its kernel came in part", "no more of it was fetched",
            "packets are lost: cable, switch port, duplex", "it was switched off or reset")
            with { When = it => it.Step.IsPartial, Did = hop => $"it fetched {Percent(hop)} of its kernel" },
        Rule(HopKind.Kernel, HopKind.Initrd, 60, "it fetched its kernel", "never asked for the initrd",
            "its loader ran out of memory: " + LookAtConsole, "the kernel was refused: Secure Boot wants a signed one"),
        Rule(HopKind.Initrd, HopKind.Initrd, 120, "its initrd came in part", "no more of it was fetched",
            "packets are lost: cable, switch port, duplex", "it was switched off or reset")
            with { When = it => it.Step.IsPartial, Did = hop => $"it fetched {Percent(hop)} of its initrd" },
        Rule(HopKind.Initrd, HopKind.Config, 300, "it fetched its live system", "never asked for its config",
            "the system has no driver for its network card", "the system does not understand its config URL on the kernel line", "look at its console")
            with { When = it => it.Answer.Kind == BootAnswerKind.Live },
        Rule(HopKind.Initrd, HopKind.FirstStage, 180, "the discovery system started and got an address", "never asked for its first-stage script",
            "it does not reach port 4081: a firewall, or no route to boot.url", "the discovery image is not Mayu's, and nothing in it asks", "look at its console")
            with { When = it => it.HasAddress, Did = _ => "it fetched the discovery system, which has an address," },
        Rule(HopKind.Initrd, HopKind.FirstStage, 180, "it fetched the discovery system", "never asked for its first-stage script", NoNetworkInSystem),
        Rule(HopKind.FirstStage, HopKind.Facts, 180, "it got its first-stage script", "never sent its facts",
            "infopusher is not in the discovery image and not served (hostinfo_helper)", "reading the hardware hangs: a disk or a BMC that does not answer", "look at its console"),
        Rule(HopKind.Facts, HopKind.Config, 120, "its facts were accepted", "never asked for its config",
            "its clock or its network broke in the middle", "look at its console"),
        Rule(HopKind.Config, HopKind.Complete, 900, "its live system got its config", "did not report that it runs",
            "the config does not call template_snippets/boot_complete.sh", "the config failed: look at its console")
            with { When = it => it.Answer.Kind == BootAnswerKind.Live },
        Rule(HopKind.Config, HopKind.Image, 180, "it got its config", "never asked for its disk image",
            "it looks for a disk and finds none that answers", "a step of the first-stage script hangs: look at its console"),
        Rule(HopKind.Image, HopKind.Image, 180, "its disk image came in part", "no more of it was fetched",
            "its disk hangs", "packets are lost: cable, switch port, duplex", "it was switched off or reset")
            with { When = it => it.Step.IsPartial, Did = hop => $"it fetched {Percent(hop)} of its disk image" },
        Rule(HopKind.Image, HopKind.Installed, 600, "it fetched its disk image", "did not report that it is installed",
            "its disk is slow or hangs", "a step of the first-stage script hangs: look at its console"),
        Rule(HopKind.Progress, HopKind.Installed, 600, "it told how far it is", "told no more",
            "its disk is slow or hangs", "it was switched off or reset", "a step of the first-stage script hangs: look at its console")
            with { Did = hop => $"it told how far it is ({hop.Detail}{(hop.IsPartial ? ", " + Percent(hop) : "")})" },
        Rule(HopKind.Installed, HopKind.Complete, 900, "it restarted to boot its own disk", "did not report that it runs",
            "its firmware tries the network first and waits: put the disk first, or set localboot: script",
            "its system did not start: look at its console", "its system has no network, or mayu-boot-complete.service failed"),
        Rule(HopKind.Silent, HopKind.Complete, 900, "it was left alone to boot its own disk", "did not report that it runs",
            "its firmware does not go on to the disk: put the disk first in its boot order, or set localboot: script",
            "its system did not start: look at its console", "its system has no network, or mayu-boot-complete.service failed")
            with { When = it => it is { State: MachineState.Installed, Answer.Kind: BootAnswerKind.LocalDisk } },
        Rule(HopKind.Failed, HopKind.Discover, 120, "a step failed", "did not begin again",
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
