using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Core.Profiles;

/// <summary>A role that machines take.</summary>
public sealed record Profile
{
    /// <summary>The profile that machines fall to when no other has a free slot. It always exists and is never full.</summary>
    public const string DefaultName = "default";

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How many machines may take it, 0 or more. Not used for <c>default</c>.</summary>
    public int Quantity { get; init; }

    /// <summary>Tags that its machines get, <c>key=value</c>.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The image that its machines install.</summary>
    public required string Image { get; init; }

    /// <summary>The language of its provisioning config.</summary>
    public ProvisioningKind Provisioning { get; init; }

    /// <summary>The newest specification of Ignition that its machines read, <c>3.3.0</c>; null: whatever the config says, or the machine asks for.</summary>
    public string? IgnitionVersion { get; init; }

    /// <summary>The template of its provisioning config: a file name without folder; without ending, too, but for <see cref="ProvisioningKind.Generic"/>.</summary>
    public required string Template { get; init; }

    /// <summary>The disk to install on (<c>/dev/sda</c>); null: the only one that fits, and none when several do.</summary>
    public string? InstallDisk { get; init; }

    /// <summary>How a machine that has an OS is left to its own disk.</summary>
    public LocalBoot LocalBoot { get; init; }

    /// <summary>What a machine must have to take it by itself. An operator's word stands above it.</summary>
    public ProfileRequirements Requires { get; init; } = ProfileRequirements.None;

    /// <summary>Whether its machines install an image on a disk, or run from memory.</summary>
    public ProfileMode Mode { get; init; }

    /// <summary>Where a live system finds its config.</summary>
    public TokenDelivery TokenDelivery { get; init; }

    /// <summary>The token of the etcd cluster that its machines are born into, 32 hexadecimal digits; null: the one of all.</summary>
    public string? EtcdToken { get; init; }

    /// <summary>Whether machines fall to this profile when no other has a free slot.</summary>
    public bool IsDefault => Name == DefaultName;
}

/// <summary>The language of a provisioning config.</summary>
public enum ProvisioningKind
{
    /// <summary>Ignition JSON, written as Butane or as Ignition's own keys.</summary>
    Ignition,

    /// <summary>CoreOS cloud-config YAML, one file.</summary>
    CloudConfig,

    /// <summary>cloud-init's files of the data source NoCloud.</summary>
    CloudInit,

    /// <summary>A text of any kind: a preseed, a kickstart, a script.</summary>
    Generic,
}

/// <summary>Where a machine finds its boot token, and a live system its config.</summary>
public enum TokenDelivery
{
    /// <summary>In an initial RAM disk of its own, which the loader puts before the image's: root alone reads it.</summary>
    Initrd,

    /// <summary>
    /// The token there as well; of a live system's config, no more than where to fetch it, with the token in a header and the hash of what it has to be. A
    /// config in a language that cannot say so is there itself.
    /// </summary>
    PointerConfig,

    /// <summary>On the kernel line, which every process of the machine can read in <c>/proc/cmdline</c>.</summary>
    KernelLine,
}

/// <summary>Where the operating system of a machine lives.</summary>
public enum ProfileMode
{
    /// <summary>The discovery system writes an image to its disk; from then on the machine boots that.</summary>
    Install,

    /// <summary>Kernel and initrd of the image are the system: fetched from the network at every boot, with its config, no disk touched.</summary>
    Live,
}

/// <summary>How the network says “boot your own disk”.</summary>
public enum LocalBoot
{
    /// <summary>DHCP answers, and a boot script starts the local disk or leaves it to the firmware.</summary>
    Script,

    /// <summary>DHCP does not answer: the firmware waits until it gives up, and goes on to its next boot entry.</summary>
    Silent,
}
