using Mayu.Netboot.Explain;

namespace Mayu.Netboot.Engines;

/// <summary>Says what an engine would answer a client of DHCP, without asking it on the wire.</summary>
internal interface IExplainedEngine
{
    /// <summary>What is answered on port 67.</summary>
    /// <param name="network">Where the client is.</param>
    /// <param name="client">The client.</param>
    /// <param name="asProxy">Whether as a proxy beside another DHCP server.</param>
    ExplainedAnswer Dhcp(ExplainedNetwork network, ExplainedClient client, bool asProxy);

    /// <summary>What is answered on port 4011; null where that is not served.</summary>
    /// <param name="network">Where the client is.</param>
    /// <param name="client">The client.</param>
    /// <param name="asProxy">Whether port 67 is a proxy.</param>
    ExplainedAnswer? BootServer(ExplainedNetwork network, ExplainedClient client, bool asProxy);
}
