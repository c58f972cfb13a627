using Mayu.Netboot.Loaders;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.ProxyDhcp;

// A line a packet, but no more than a reader could follow (LimitedLog): the trace has every step.
internal sealed partial class ProxyResponder
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "A datagram of {Bytes} bytes is no DHCP packet: {Error}")]
    private partial void LogMalformed(DhcpParseError error, int bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} xid {Xid:x8} is offered the boot file {File} and no address")]
    private partial void LogOffer(MacAddress mac, uint xid, BootFile file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} xid {Xid:x8} is told on port 4011 to load {File}")]
    private partial void LogAck(MacAddress mac, uint xid, BootFile file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} gets no answer: {Why}")]
    private partial void LogSilent(MacAddress mac, string why);
}
