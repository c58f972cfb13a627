namespace Mayu.Core.Machines;

/// <summary>Where a machine stands in its life. The order is the order of the life.</summary>
public enum MachineState
{
    /// <summary>Seen, and nothing decided yet.</summary>
    Unknown,

    /// <summary>Facts accepted, profile and address assigned, or an operator asked for a reinstall: the next network boot installs.</summary>
    Configured,

    /// <summary>It fetched its provisioning config. A network boot installs again, so a power cut heals itself.</summary>
    Installing,

    /// <summary>Its disk is written. It is left to boot from it.</summary>
    Installed,

    /// <summary>It reported that it runs.</summary>
    Running,
}
