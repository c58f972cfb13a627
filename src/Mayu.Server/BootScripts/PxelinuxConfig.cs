using System.Text;
using Mayu.Core.Boot;

namespace Mayu.Server.BootScripts;

/// <summary>
/// Says a boot answer as a PXELINUX configuration. Its language has no quotes: a line is a keyword and the rest, so only words
/// without spaces and control characters stand in it, which serials are once encoded and the configuration sees to for the others.
/// </summary>
internal static class PxelinuxConfig
{
    /// <summary>The configuration of an answer.</summary>
    public static string Render(BootScript script)
    {
        // At its prompt, where a failed boot ends, PXELINUX tries again after TIMEOUT tenths of a second.
        var text = new StringBuilder($"SAY Mayu: {script.What}\nDEFAULT mayu\nPROMPT 0\nTIMEOUT 100\nLABEL mayu\n");
        switch (script.Answer.Kind)
        {
            case BootAnswerKind.Discover or BootAnswerKind.Install or BootAnswerKind.Live:
                var first = script.BootInitrd is { } initrd ? $"{initrd}," : "";
                // Relative, so that they are below whatever prefix PXELINUX has: a folder of TFTP's, or a URL. It knows its own MAC:
                // IPAPPEND 2 is BOOTIF, and U-Boot knows that word alone, not SYSAPPEND.
                text.Append($"  KERNEL {script.Images}/vmlinuz\n  INITRD {first}{script.Images}/initrd.cpio.gz\n  IPAPPEND 2\n");
                text.Append($"  APPEND {string.Join(' ', script.KernelWords().Concat(script.KernelArguments))}\n");
                break;
            case BootAnswerKind.Ignore:
                text.Append("  LOCALBOOT -1\n");
                break;
            default:
                text.Append("  LOCALBOOT 0\n");
                break;
        }

        return text.ToString();
    }
}
