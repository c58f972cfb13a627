using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>
/// The body of <c>PATCH /api/v1/machines/{serial}</c>: an operator's word about fields of the record. What is null stays as it is;
/// the fields that are named change together, or none does.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MachineChangeRequest
{
    /// <summary>The profile it moves to.</summary>
    public string? Profile { get; init; }

    /// <summary>False: it is served nothing at all.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Its tags, in place of all it had.</summary>
    public IReadOnlyList<string>? Metadata { get; init; }

    /// <summary>Its host name, a DNS label.</summary>
    public string? Hostname { get; init; }

    /// <summary>Its internal IPv4 address; only while it has no operating system.</summary>
    public string? InternalAddress { get; init; }

    /// <summary>The IPv4 address of its BMC.</summary>
    public string? BmcAddress { get; init; }

    /// <summary>The inventory's name for it; empty takes it away.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The cabinet it stands in; empty takes it away.</summary>
    public string? Cabinet { get; init; }

    /// <summary>What is to be known about it, for people: at most 4,096 bytes of printable text, tabs and line ends; empty takes it away.</summary>
    public string? Notes { get; init; }

    /// <summary>Its MAC addresses, in place of all it had, the boot interface's first.</summary>
    public IReadOnlyList<string>? MacAddresses { get; init; }

    /// <summary>Its DMI UUID; empty takes it away.</summary>
    public string? Uuid { get; init; }

    /// <summary>Why, for the history, or null.</summary>
    public string? Reason { get; init; }
}
