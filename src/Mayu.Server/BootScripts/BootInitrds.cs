using System.Text;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;

namespace Mayu.Server.BootScripts;

/// <summary>
/// The initial RAM disk of one boot, which a loader puts before the image's: it carries the boot token to the discovery system, or its config to a live
/// system. So neither stands on the kernel line, where every process could read it.
/// </summary>
internal static class BootInitrds
{
    /// <summary>The folder of what is for one boot, below the boot listener: a token, and what is wanted.</summary>
    public const string Folder = "boot";

    /// <summary>Its name.</summary>
    public const string FileName = "mayu.cpio";

    /// <summary>Where the discovery system finds its token.</summary>
    public const string TokenFile = "mayu/boot-token";

    /// <summary>For the discovery system.</summary>
    public static byte[] OfToken(string token) => CpioArchive.Of([(TokenFile, Encoding.ASCII.GetBytes(token + "\n"))]);

    /// <summary>For a live system that cloud-init sets up: the seed, where its data source NoCloud looks.</summary>
    public static byte[] OfSeed(NoCloudSeed seed) =>
        CpioArchive.Of([.. seed.Files.Select(file => ($"var/lib/cloud/seed/nocloud/{file.Name}", Encoding.UTF8.GetBytes(file.Text)))]);

    /// <summary>For a live system: its config, in each place where a system of that kind looks.</summary>
    /// <param name="kind">The config's language.</param>
    /// <param name="config">The config.</param>
    public static byte[] OfConfig(ProvisioningKind kind, string config) =>
        CpioArchive.Of([.. PathsOf(kind).Select(path => (path, Encoding.UTF8.GetBytes(config)))]);

    /// <summary>The token in a name below the root of TFTP, <c>boot/TOKEN/mayu.cpio</c>; null for another name.</summary>
    public static string? TokenOf(string name) =>
        name.Split('/') is [.., Folder, var token, FileName] ? token : null;

    private static string[] PathsOf(ProvisioningKind kind) => kind switch
    {
        ProvisioningKind.CloudConfig => ["usr/share/oem/cloud-config.yml"],
        ProvisioningKind.Generic => ["mayu/config"],
        // Flatcar; Ignition's own place, for any system that has it; Fedora CoreOS's live system.
        _ => ["usr/share/oem/config.ign", "usr/lib/ignition/user.ign", "config.ign"],
    };
}
