namespace Mayu.Netboot.Dhcp;

/// <summary>Sends an answer that was not ready when its question came.</summary>
internal interface IDhcpOutlet
{
    /// <summary>Sends it. Safe from any thread.</summary>
    void Send(ReadOnlySpan<byte> packet, in DhcpReply reply);
}
