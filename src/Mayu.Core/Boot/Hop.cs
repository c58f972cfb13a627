namespace Mayu.Core.Boot;

/// <summary>The steps of a boot, in the order in which a machine takes them.</summary>
public enum HopKind
{
    /// <summary>DHCPDISCOVER.</summary>
    Discover,

    /// <summary>DHCPOFFER.</summary>
    Offer,

    /// <summary>DHCPREQUEST.</summary>
    Request,

    /// <summary>DHCPACK.</summary>
    Ack,

    /// <summary>Something it asked for was left unanswered on purpose.</summary>
    Silent,

    /// <summary>A file over TFTP.</summary>
    File,

    /// <summary>The boot script.</summary>
    Script,

    /// <summary>The kernel.</summary>
    Kernel,

    /// <summary>The initial RAM disk.</summary>
    Initrd,

    /// <summary>The first-stage script.</summary>
    FirstStage,

    /// <summary>Its facts came in.</summary>
    Facts,

    /// <summary>Its provisioning config went out.</summary>
    Config,

    /// <summary>The disk image.</summary>
    Image,

    /// <summary>It reported how far it is.</summary>
    Progress,

    /// <summary>It reported that its disk is written.</summary>
    Installed,

    /// <summary>It reported that it runs.</summary>
    Complete,

    /// <summary>It, or a step taken for it, failed.</summary>
    Failed,
}

/// <summary>One mark in a machine's boot trace.</summary>
/// <param name="Kind">The step.</param>
/// <param name="At">When.</param>
/// <param name="Detail">What exactly, as half a sentence.</param>
/// <param name="Bytes">How many bytes are done, where bytes flow.</param>
/// <param name="Total">Of how many.</param>
public sealed record Hop(HopKind Kind, DateTimeOffset At, string Detail, long? Bytes = null, long? Total = null)
{
    /// <summary>The step's name as it is written everywhere: lower case with hyphens.</summary>
    public string Name => NameOf(Kind);

    /// <summary>The name of a step.</summary>
    public static string NameOf(HopKind kind) => kind == HopKind.FirstStage ? "first-stage" : kind.ToString().ToLowerInvariant();
}

/// <summary>What went wrong with a machine last, until it gets past that.</summary>
/// <param name="At">When.</param>
/// <param name="Hop">The step that failed.</param>
/// <param name="Reason">Why, as a sentence.</param>
public sealed record BootProblem(DateTimeOffset At, string Hop, string Reason);
