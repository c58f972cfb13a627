using System.IO.Compression;
using System.Text;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Server.Images;
using Mayu.Server.Live;

namespace Mayu.Server.BootScripts;

/// <summary>
/// The network of a live system on its kernel line, where cloud-init finds its other files by a URL: before 24.3 it fetches no network from there. Its
/// kernel word is Base64, of gzip or of the text (cloudinit/net/cmdline.py).
/// </summary>
internal static class NetworkConfigWord
{
    // COMMAND_LINE_SIZE of x86 and arm64, without the final zero.
    private const int LongestLine = 2047;

    // What GRUB and PXELINUX add, besides the serial: the kernel's name with a URL, and BOOTIF.
    private const int AddedByLoader = 120;

    /// <summary>The word's value; null where the kernel line has no room for it, or there is no network to be told.</summary>
    public static string? Of(ServedConfiguration served, Machine machine, Profile profile, BootScript script)
    {
        string config;
        try
        {
            config = served.Provisioner.At(script.BootUrl).NetworkConfig(machine, profile, served.Images.ImageOf(profile));
        }
        catch (Exception e) when (e is TemplateException or ImageMissingException)
        {
            // The machine's config fails for the same reason, and says so.
            return null;
        }

        var value = Encoded(config);
        var others = script.KernelWords().Concat(script.KernelArguments).Sum(word => word.Length + 1);
        return others + machine.Serial.Text.Length + AddedByLoader + "network-config=".Length + value.Length <= LongestLine ? value : null;
    }

    private static string Encoded(string config)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(config));
        }

        return Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
