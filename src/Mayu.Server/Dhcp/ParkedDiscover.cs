using Mayu.Core.Addresses;

namespace Mayu.Server.Dhcp;

/// <summary>A DISCOVER that waits until it is known whether somebody uses the address that its client is to be offered.</summary>
internal sealed class ParkedDiscover
{
    public required DhcpScope Scope { get; init; }

    public required MacAddress Client { get; init; }

    public required Ipv4 Address { get; init; }

    /// <summary>Its newest datagram: clients that wait ask again, some with another transaction id.</summary>
    public required byte[] Datagram { get; set; }

    /// <summary>How many addresses were found in use before this one.</summary>
    public required int Tries { get; init; }

    /// <summary>The question on the wire, and the answer to the client.</summary>
    public Task Asking { get; set; } = Task.CompletedTask;
}
