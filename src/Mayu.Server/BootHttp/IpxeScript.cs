using System.Text;
using Mayu.Core.Boot;
using Mayu.Core.Machines;

namespace Mayu.Server.BootHttp;

/// <summary>
/// Says a boot answer as an iPXE script. Nothing from outside stands in it unencoded: iPXE would expand <c>${…}</c> and take
/// <c>&amp;&amp;</c> and line ends as its own.
/// </summary>
internal static class IpxeScript
{
    // iPXE fills its own variables in; :uristring percent-encodes them (netboot: ${netX} is the interface it boots from).
    public static string WhoAreYou(string bootUrl) =>
        "#!ipxe\n"
        + $"chain --replace {bootUrl}/ipxebootscript?serial=${{serial:uristring}}&uuid=${{uuid:uristring}}&mac=${{netX/mac:hexhyp}}"
        + "&buildarch=${buildarch:uristring}&platform=${platform:uristring} || goto failed\n"
        + ":failed\necho Mayu does not answer; trying again in 10 seconds\nsleep 10\n"
        + $"chain --replace {bootUrl}/ipxebootscript\n";

    /// <summary>The script of an answer.</summary>
    /// <param name="answer">What the machine gets.</param>
    /// <param name="bootUrl">This server.</param>
    /// <param name="serial">The machine.</param>
    /// <param name="bootMac">MAC of the interface it boots from, with hyphens; null when it did not say.</param>
    /// <param name="efi">Whether iPXE runs under UEFI.</param>
    /// <param name="kernelArguments">The operator's words for the kernel line.</param>
    public static string Say(BootAnswer answer, string bootUrl, Serial serial, string? bootMac, bool efi, IEnumerable<string> kernelArguments)
    {
        var script = new StringBuilder("#!ipxe\n");
        var name = Uri.EscapeDataString(serial.Text);
        switch (answer.Kind)
        {
            case BootAnswerKind.Discover or BootAnswerKind.Install or BootAnswerKind.Live:
                script.Append($"echo Mayu: {WhatOf(answer.Kind)} machine {name}\n");
                // Under UEFI the kernel finds its initial RAM disk by this word; elsewhere it means nothing.
                var images = answer.IsForAnother ? $"{bootUrl}/images" : $"{bootUrl}/images/{name}";
                script.Append($"kernel {images}/vmlinuz initrd=initrd.cpio.gz mayu.url={bootUrl} mayu.serial={name}");
                script.Append(bootMac is null ? "" : $" BOOTIF=01-{bootMac}");
                script.Append(answer.Kind == BootAnswerKind.Live ? LiveArguments($"{bootUrl}/live-config/{name}") : "");
                foreach (var argument in kernelArguments)
                {
                    script.Append(' ').Append(argument);
                }

                script.Append(" || goto failed\n");
                script.Append($"initrd {images}/initrd.cpio.gz || goto failed\nboot || goto failed\n");
                script.Append(":failed\necho Mayu: the boot failed; trying again in 10 seconds\nsleep 10\n");
                script.Append($"chain --replace {bootUrl}/ipxebootscript\n");
                break;
            case BootAnswerKind.Ignore:
                script.Append($"echo Mayu: machine {name} is switched off\nsleep 5\nexit 1\n");
                break;
            default:
                script.Append($"echo Mayu: machine {name} boots its own disk\n");
                // UEFI firmware goes on to its next boot entry; a BIOS is told the drive.
                script.Append(efi ? "exit 1\n" : "sanboot --no-describe --drive 0x80 || exit 1\n");
                break;
        }

        return script.ToString();
    }

    private static string WhatOf(BootAnswerKind kind) => kind switch
    {
        BootAnswerKind.Install => "installing",
        BootAnswerKind.Live => "starting the live system of",
        _ => "discovering",
    };

    // The words by which Ignition's own systems, Flatcar, and systems with a CoreOS cloud-config find their config. A kernel hands
    // words that it does not know to init, so each system takes its own.
    private static string LiveArguments(string configUrl) =>
        $" ignition.firstboot ignition.platform.id=metal ignition.config.url={configUrl} flatcar.first_boot=1 flatcar.config.url={configUrl} cloud-config-url={configUrl}";
}
