using Mayu.Core.Boot;
using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Netboot.Dhcp;

/// <summary>The planner, as DHCP asks it. Never waits.</summary>
internal interface IBootAnswers : IKnownMachines
{
    /// <summary>What a client gets when it boots from the network now.</summary>
    /// <param name="mac">Its hardware address.</param>
    /// <param name="uuid">Its DMI UUID where it told one; a machine's second interface is known by it.</param>
    /// <returns>The answer, and whose it is; null for a client that belongs to no known machine.</returns>
    (Serial? Serial, BootAnswer Answer) AnswerFor(MacAddress mac, Guid? uuid);

    /// <summary>Remembers that a client told this, for loaders that tell less.</summary>
    /// <param name="mac">Its hardware address.</param>
    /// <param name="uuid">Its DMI UUID where it told one.</param>
    void Note(MacAddress mac, Guid? uuid);

    /// <summary>Whether a MAC is an interface of a known machine. Unlike a UUID in a packet, which may be anybody's word.</summary>
    bool IsKnown(MacAddress mac);

    /// <summary>The internal address of the machine whose boot interface this is; null for any other client.</summary>
    Ipv4? OwnAddressOf(MacAddress mac);
}
