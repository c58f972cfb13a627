using System.Text;
using Mayu.Core.Boot;

namespace Mayu.Server.BootScripts;

/// <summary>
/// Says a boot answer as an iPXE script. Nothing from outside stands in it unencoded: iPXE would expand <c>${…}</c> and take
/// <c>&amp;&amp;</c> and line ends as its own.
/// </summary>
internal static class IpxeScript
{
    // iPXE fills its own variables in; :uristring percent-encodes them (netboot: ${netX} is the interface it boots from). Of a UUID it
    // would encode the 16 bytes as they are, and a zero among them ends the whole line; without it a UUID is hex digits and hyphens.
    public static string WhoAreYou(string bootUrl) => "#!ipxe\n" + Introduction(bootUrl);

    /// <summary><c>autoexec.ipxe</c>, which UEFI iPXE looks for beside itself and runs in place of its own DHCP.</summary>
    public static string Autoexec(string bootUrl) => "#!ipxe\nisset ${netX/ip} || dhcp || goto failed\n" + Introduction(bootUrl);

    /// <summary>The script of an answer.</summary>
    /// <param name="script">What it says.</param>
    /// <param name="efi">Whether iPXE runs under UEFI.</param>
    /// <param name="menu">How long people at the console may choose something else; null: they are not asked.</param>
    public static string Render(BootScript script, bool efi, TimeSpan? menu = null)
    {
        var text = new StringBuilder("#!ipxe\n");
        var asks = menu is not null && script.Answer.Kind != BootAnswerKind.Ignore;
        if (asks)
        {
            AppendMenu(text, script, efi, menu!.Value);
            text.Append(":answer\n");
        }

        text.Append($"echo Mayu: {script.What}\n");
        switch (script.Answer.Kind)
        {
            case BootAnswerKind.Discover or BootAnswerKind.Install or BootAnswerKind.Live:
                AppendBoot(text, script, script.Images);
                break;
            case BootAnswerKind.Ignore:
                text.Append("sleep 5\nexit 1\n");
                break;
            default:
                AppendLocalDisk(text, efi);
                break;
        }

        if (asks || script.Answer.BootsFromNetwork)
        {
            text.Append(":failed\necho Mayu: the boot failed; trying again in 10 seconds\nsleep 10\n");
            text.Append($"chain --replace {script.BootUrl}/ipxebootscript\n");
        }

        return text.ToString();
    }

    // Not ${uuid:uristring}: that is the UUID's 16 bytes, encoded, and the first that is zero ends the URL with all that follows.
    private static string Introduction(string bootUrl) =>
        $"chain --replace {bootUrl}/ipxebootscript?serial=${{serial:uristring}}&uuid=${{uuid}}&mac=${{netX/mac:hexhyp}}&board=${{board-serial:uristring}}"
        + "&buildarch=${buildarch:uristring}&platform=${platform:uristring} || goto failed\n"
        + ":failed\necho Mayu does not answer; trying again in 10 seconds\nsleep 10\n"
        + $"chain --replace {bootUrl}/ipxebootscript\n";

    // An iPXE that was built without menus does not know the command, and goes on as if nobody had chosen.
    private static void AppendMenu(StringBuilder text, BootScript script, bool efi, TimeSpan patience)
    {
        text.Append($":menu\nmenu Mayu: {script.Who} || goto answer\n");
        text.Append($"item answer What Mayu decided: {script.What}\n");
        text.Append("item local Boot the disk of this machine\nitem discover Start the discovery system\nitem shell iPXE shell\n");
        text.Append($"choose --default answer --timeout {(long)patience.TotalMilliseconds} chosen || goto answer\ngoto ${{chosen}}\n");
        text.Append(":local\n");
        AppendLocalDisk(text, efi);
        text.Append(":discover\n");
        AppendBoot(text, script with { Answer = new BootAnswer(BootAnswerKind.Discover, "it was chosen at the console") }, "images");
        text.Append(":shell\nshell\ngoto menu\n");
    }

    private static void AppendBoot(StringBuilder text, BootScript script, string images)
    {
        // Under UEFI the kernel finds its initial RAM disks by these words; elsewhere they mean nothing. The one with the token comes first: what is
        // not compressed must begin at a multiple of four bytes (Linux, Documentation/driver-api/early-userspace/buffer-format.rst).
        var first = script.BootInitrd;
        text.Append($"kernel {script.BootUrl}/{images}/vmlinuz {(first is null ? "" : $"initrd={BootInitrds.FileName} ")}initrd=initrd.cpio.gz");
        foreach (var word in script.KernelWords())
        {
            text.Append(' ').Append(word);
        }

        text.Append(script.BootMac is { } mac ? $" BOOTIF=01-{mac.ToHyphenated()}" : "");
        foreach (var argument in script.KernelArguments)
        {
            text.Append(' ').Append(argument);
        }

        text.Append(" || goto failed\n");
        text.Append(first is null ? "" : $"initrd {script.BootUrl}/{first} || goto failed\n");
        text.Append($"initrd {script.BootUrl}/{images}/initrd.cpio.gz || goto failed\nboot || goto failed\n");
    }

    // UEFI firmware goes on to its next boot entry; a BIOS is told the drive.
    private static void AppendLocalDisk(StringBuilder text, bool efi) =>
        text.Append(efi ? "exit 1\n" : "sanboot --no-describe --drive 0x80 || exit 1\n");
}
