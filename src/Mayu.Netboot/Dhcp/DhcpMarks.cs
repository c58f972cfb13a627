using Mayu.Core.Boot;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Dhcp;

/// <summary>
/// Leaves what is remembered of a decision, whichever engine decided: marks in the boot trace, what TFTP has to heed, a line in the log. A line a packet,
/// but no more than a reader could follow (LimitedLog): the trace has every step.
/// </summary>
/// <param name="trace">The trace.</param>
/// <param name="clients">Where TFTP looks.</param>
/// <param name="logger">The log.</param>
internal sealed partial class DhcpMarks(BootTrace trace, ClientTable clients, ILogger logger)
{
    /// <summary>Leaves them.</summary>
    public void Leave(in DhcpDecision decision)
    {
        if (decision.Scope is not null || decision.Asked is not null || decision.Hop is not null)
        {
            trace.Attribute(decision.Mac, decision.Serial);
        }

        if (decision.Asked is { } asked)
        {
            trace.Mark(decision.Mac, asked, decision.Question);
        }

        if (decision.Hop is { } hop)
        {
            trace.Mark(decision.Mac, hop, decision.Reason);
        }

        if (decision.File?.Quirk?.MaximumBlockSize is { } most)
        {
            clients.LimitBlockSize(decision.Mac, most);
        }

        if (decision.News is { } news)
        {
            LogNews(news);
        }

        Log(decision);
    }

    private void Log(in DhcpDecision decision)
    {
        var (mac, xid, address, file) = (decision.Mac, decision.Xid, decision.Address, (object?)decision.File ?? "none");
        switch (decision.Kind)
        {
            case DhcpDecisionKind.Silent:
                LogSilent(mac, decision.Reason);
                break;
            case DhcpDecisionKind.Offer:
                LogOffer(mac, xid, address, file);
                break;
            case DhcpDecisionKind.Ack:
                LogAck(mac, xid, address, file);
                break;
            case DhcpDecisionKind.Proxy:
                LogProxy(mac, xid, file);
                break;
            case DhcpDecisionKind.Nak:
                LogNak(mac, xid, address, decision.Reason.Reason ?? "no reason is known");
                break;
            case DhcpDecisionKind.Full:
                LogFull(mac, xid, decision.Reason);
                break;
            case DhcpDecisionKind.Decline:
                LogDecline(mac, address);
                break;
            case DhcpDecisionKind.UntrustedDecline:
                LogUntrustedDecline(mac, address);
                break;
            case DhcpDecisionKind.Release:
                LogRelease(mac, address);
                break;
            case DhcpDecisionKind.Occupied:
                LogOccupied(address, mac, decision.Reason.Text ?? "somebody answers");
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} xid {Xid:x8} is offered {Address}, boot file {File}")]
    private partial void LogOffer(MacAddress mac, uint xid, Ipv4 address, object file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} xid {Xid:x8} has {Address}, boot file {File}")]
    private partial void LogAck(MacAddress mac, uint xid, Ipv4 address, object file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} xid {Xid:x8} is sent the boot file {File}; its address comes from another DHCP server")]
    private partial void LogProxy(MacAddress mac, uint xid, object file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} xid {Xid:x8} is refused {Address}: {Why}")]
    private partial void LogNak(MacAddress mac, uint xid, Ipv4 address, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} gets no answer: {Why}")]
    private partial void LogSilent(MacAddress mac, HopDetail why);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Mac} xid {Xid:x8} gets no address: {Why}")]
    private partial void LogFull(MacAddress mac, uint xid, HopDetail why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Mac} declined {Address}: another device on the network has it")]
    private partial void LogDecline(MacAddress mac, Ipv4 address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Mac} declined {Address} after several others; Mayu checks the address with ARP instead")]
    private partial void LogUntrustedDecline(MacAddress mac, Ipv4 address);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} released {Address}")]
    private partial void LogRelease(MacAddress mac, Ipv4 address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Address}, meant for {Mac}, is in use: {User}. It is not offered for some minutes")]
    private partial void LogOccupied(Ipv4 address, MacAddress mac, string user);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{News}")]
    private partial void LogNews(string news);
}
