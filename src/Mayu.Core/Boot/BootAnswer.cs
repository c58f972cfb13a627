using Mayu.Core.Profiles;

namespace Mayu.Core.Boot;

/// <summary>What a machine gets when it boots from the network now.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Reason">Why, as a sentence for the trace and for <c>explain</c>.</param>
public sealed record BootAnswer(BootAnswerKind Kind, string Reason)
{
    /// <summary>The kind as people read it: lower case with hyphens.</summary>
    public string Name => Kind switch
    {
        BootAnswerKind.LocalDisk => "local-disk",
        BootAnswerKind.LocalDiskByScript => "local-disk-by-script",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Whether the boot goes over the network at all: an address with a boot file, a script, a kernel.</summary>
    public bool BootsFromNetwork => Kind is BootAnswerKind.Discover or BootAnswerKind.Install or BootAnswerKind.Live;

    /// <summary>Whether a loader hears nothing at all, on no port.</summary>
    public bool IsSilence => Kind is BootAnswerKind.LocalDisk or BootAnswerKind.Ignore;

    /// <summary>The mark of who fetched the boot script of this answer, in any loader's language.</summary>
    public HopKind ScriptHop => Kind == BootAnswerKind.LocalDiskByScript ? HopKind.OwnDisk : HopKind.Script;

    /// <summary>The image whose kernel and initial RAM disk it boots; null: the discovery system's.</summary>
    public string? Image { get; init; }

    /// <summary>Where a live system finds its config; null: where the discovery system finds its boot token.</summary>
    public TokenDelivery? TokenDelivery { get; init; }

    /// <summary>The language of a live system's config; null: it is none.</summary>
    public ProvisioningKind? Provisioning { get; init; }

    /// <summary>Who boots is not the machine whose serial it says: nothing of that machine may be handed to it, and no mark of it be kept as that machine's.</summary>
    public bool IsForAnother { get; init; }
}

/// <summary>The kinds of boot answer.</summary>
public enum BootAnswerKind
{
    /// <summary>The discovery system: collect facts, ask for a config.</summary>
    Discover,

    /// <summary>The discovery system again, which will be given its config and writes the image.</summary>
    Install,

    /// <summary>The operating system itself, from memory, which fetches its config; no disk is touched.</summary>
    Live,

    /// <summary>Its own disk; the network stays silent.</summary>
    LocalDisk,

    /// <summary>Its own disk, told so by a boot script.</summary>
    LocalDiskByScript,

    /// <summary>Nothing at all.</summary>
    Ignore,
}
