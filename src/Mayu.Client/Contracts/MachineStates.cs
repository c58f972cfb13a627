namespace Mayu.Client.Contracts;

/// <summary>The states of a machine's life, as the API writes them: lower case.</summary>
public static class MachineStates
{
    /// <summary>First seen; nothing is known but its identity. A network boot collects its facts.</summary>
    public const string Unknown = "unknown";

    /// <summary>It has a profile and an address, or an operator asked for a new installation. A network boot installs it.</summary>
    public const string Configured = "configured";

    /// <summary>It fetched its provisioning config. A network boot begins the installation again.</summary>
    public const string Installing = "installing";

    /// <summary>The image is on its disk. A network boot leaves it to its own disk.</summary>
    public const string Installed = "installed";

    /// <summary>Its operating system reported that it runs. A network boot leaves it to its own disk.</summary>
    public const string Running = "running";

    /// <summary>All states, in the order of a machine's life.</summary>
    public static IReadOnlyList<string> All { get; } = [Unknown, Configured, Installing, Installed, Running];
}
