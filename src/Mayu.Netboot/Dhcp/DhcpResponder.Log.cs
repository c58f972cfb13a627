using Mayu.Core.Boot;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Dhcp;

// A line a packet, but no more than a reader could follow (LimitedLog): the trace has every step.
internal sealed partial class DhcpResponder
{
    private const string NoFile = "none";

    [LoggerMessage(Level = LogLevel.Debug, Message = "A datagram of {Bytes} bytes on port 67 is no DHCP packet: {Error}")]
    private partial void LogMalformed(DhcpParseError error, int bytes);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A DHCP client has no Ethernet address: {Address}")]
    private partial void LogNoMac(HardwareAddress address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A DHCP packet came by the relay {Relay}, which is not configured")]
    private partial void LogForeignRelay(Ipv4 relay);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Mac} is to be ignored (dhcp.ignore)")]
    private partial void LogIgnored(MacAddress mac);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} xid {Xid:x8} is offered {Address}, boot file {File}")]
    private partial void LogOffer(MacAddress mac, uint xid, Ipv4 address, object file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} xid {Xid:x8} has {Address}, boot file {File}")]
    private partial void LogAck(MacAddress mac, uint xid, Ipv4 address, object file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} xid {Xid:x8} is refused {Address}: {Why}")]
    private partial void LogNak(MacAddress mac, uint xid, Ipv4 address, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} gets no answer: {Why}")]
    private partial void LogSilent(MacAddress mac, HopDetail why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Mac} declined {Address}: another device on the network has it")]
    private partial void LogDecline(MacAddress mac, Ipv4 address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Address}, which {Mac} was to be offered, is in use: {User}. It is left alone for some minutes")]
    private partial void LogOccupied(Ipv4 address, MacAddress mac, string user);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Mac} declined {Address}, as it did others; it is not believed, and the wire is asked")]
    private partial void LogDoubt(MacAddress mac, Ipv4 address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{News}")]
    private partial void LogNews(string news);

    [LoggerMessage(Level = LogLevel.Error, Message = "A defect in Mayu: nobody could be asked whether {Address} is in use")]
    private partial void LogProbeDefect(Exception exception, Ipv4 address);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} gave {Address} back")]
    private partial void LogRelease(MacAddress mac, Ipv4 address);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Mac} gets no address: the pool {Range} is full, all {Size} addresses are leased or kept")]
    private partial void LogPoolFull(MacAddress mac, Ipv4Range range, int size);
}
