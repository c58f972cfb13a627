using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// Reads dnsmasq's decisions from its log: they leave the same marks as those of the builtin server. dnsmasq has one thread, so the lines of one
/// packet follow each other. For one thread at a time.
/// </summary>
/// <param name="tftpRoot">The folder that its TFTP serves; a path is shown below it.</param>
/// <param name="answers">The planner, for the reason why a client was left alone.</param>
/// <param name="trace">Where the marks go.</param>
/// <param name="clients">Is told whose an address is.</param>
/// <param name="logger">Where each answer is told.</param>
internal sealed class DnsmasqLog(string tftpRoot, IBootAnswers answers, BootTrace trace, ClientTable clients, ILogger<DnsmasqLog> logger)
{
    private const string Tags = "tags: ";
    private const int MostExchanges = 4096;

    private readonly DhcpMarks _marks = new(trace, clients, logger);
    private readonly ClientDescriptions _descriptions = new();
    private readonly HashSet<(MacAddress Mac, uint Xid)> _begun = [];
    private byte[] _vendorClass = [];
    private byte[] _userClass = [];
    private uint _xid;
    private DnsmasqEvent _answer;
    private DnsmasqEvent _asked;

    /// <summary>This server's own interfaces, whose questions for other DHCP servers are no hops of a boot.</summary>
    public FrozenSet<MacAddress> OwnMacs { get; init; } = FrozenSet<MacAddress>.Empty;

    /// <summary>Is told the tags that dnsmasq gives a client; null: nobody wants to know.</summary>
    public TaggedBlockSizes? BlockSizes { get; init; }

    /// <summary>How long leases last, in each subnet.</summary>
    public ImmutableArray<DhcpSubnet> Subnets { get; init; } = [];

    /// <summary>Takes the next line.</summary>
    public void Read(in DnsmasqEvent line)
    {
        if (line.Kind == DnsmasqEventKind.Detail && line.Xid == _asked.Xid && _asked.Mac is { } asking && line.Text.StartsWith(Tags, StringComparison.Ordinal))
        {
            BlockSizes?.Note(asking, line.Text[Tags.Length..]);
        }

        switch (line.Kind)
        {
            case DnsmasqEventKind.BootFile when _answer.Xid == line.Xid:
                Answered(line.Text);
                return;
            // Between an answer to a loader and its boot file stand its options, among them.
            case DnsmasqEventKind.Detail when _answer.Mac is not null && _answer.Xid == line.Xid && (Loader.IsNetworkBoot || _answer.Name == "BOOTP"):
                return;
        }

        Answered(bootFile: null);
        switch (line.Kind)
        {
            case DnsmasqEventKind.VendorClass:
                (_xid, _vendorClass, _userClass) = (line.Xid, Encoding.ASCII.GetBytes(line.Text), []);
                break;
            case DnsmasqEventKind.UserClass:
                _vendorClass = _xid == line.Xid ? _vendorClass : [];
                (_xid, _userClass) = (line.Xid, Encoding.ASCII.GetBytes(line.Text));
                break;
            case DnsmasqEventKind.Message when line.Mac is { } mac && !OwnMacs.Contains(mac):
                _asked = line;
                Message(line, mac);
                break;
            case DnsmasqEventKind.FileSent or DnsmasqEventKind.FileRefused or DnsmasqEventKind.TransferFailed:
                Transfer(line);
                break;
        }
    }

    private void Message(in DnsmasqEvent line, MacAddress mac)
    {
        if (_xid != line.Xid)
        {
            (_xid, _vendorClass, _userClass) = (line.Xid, [], []);
        }

        var (client, address) = (ClientOf(mac, line.Xid), line.Address ?? default);
        switch (line.Name)
        {
            case "DHCPDISCOVER":
                Begin(mac, line.Xid);
                _marks.Leave(Unanswered(client.Asks(HopKind.Discover, Description), line.Text));
                break;
            case "BOOTP":
                _marks.Leave(Unanswered(client.Asks(HopKind.Request, "BOOTP"), line.Text));
                _answer = line.Text.Length == 0 ? line : default;
                break;
            // A renewal is a running system's everyday life, not a hop of its boot; it has no DHCPDISCOVER before it.
            case "DHCPREQUEST" when _begun.Contains((mac, line.Xid)):
                _marks.Leave(client.AsksFor(address, Description));
                break;
            case "DHCPOFFER" or "DHCPACK" or "PXE" when line.Text is not "proxy-ignored":
                _answer = line;
                break;
            case "PXE":
                _marks.Leave(client.Silent(Silence(mac)));
                break;
            case "DHCPNAK":
                _marks.Leave(client.Refuse(address, line.Text));
                break;
            case "DHCPDECLINE":
                clients.Remove(address, mac);
                _marks.Leave(client.Decline(address));
                break;
            // "unknown lease" stands behind one that gives nothing back.
            case "DHCPRELEASE" when line.Text.Length == 0:
                clients.Remove(address, mac);
                _marks.Leave(client.Release(address));
                break;
        }
    }

    private DhcpDecision ClientOf(MacAddress mac, uint xid) =>
        new(DhcpDecisionKind.None) { Client = new LeaseClient(mac), Serial = answers.AnswerFor(mac, uuid: null).Serial, Xid = xid };

    // What dnsmasq adds to a message that it does not answer: "ignored" (BOOTP: "disabled"), "no address available", "address in use".
    private DhcpDecision Unanswered(in DhcpDecision client, string text) =>
        text is "ignored" or "disabled" ? client.Silent(Silence(client.Mac))
        : text.Length > 0 ? client.Full($"dnsmasq gave no address: {text}")
        : client;

    private string Silence(MacAddress mac) =>
        answers.AnswerFor(mac, uuid: null).Answer is { IsSilence: true } answer ? answer.Reason
        : Loader is { Architecture: { } architecture } loader
            ? BootFileChoice.Refusal(loader.Kind == PxeClientKind.HttpBoot ? ClientArchitectureName.OverHttp(architecture) : ClientArchitectureName.OverTftp(architecture))
        : $"there is no boot loader for {Description}";

    private void Answered(string? bootFile)
    {
        var answer = _answer;
        _answer = default;
        if (answer.Mac is not { } mac)
        {
            return;
        }

        var (address, isRenewal) = (answer.Address ?? default, answer.Name == "DHCPACK" && !_begun.Contains((mac, answer.Xid)));
        var client = ClientOf(mac, answer.Xid) with { File = bootFile is null ? null : new BootFile(bootFile) };
        if (answer.Name is not ("DHCPOFFER" or "PXE") && !address.IsAny)
        {
            clients.Hear(address, mac, LeaseTimeOf(address));
        }

        _marks.Leave(answer.Name switch
        {
            "DHCPOFFER" => client.Offer(address),
            "PXE" => client.Proxy(client.File, HopDetail.Lease(address, bootFile)),
            _ => client.Acknowledge(address, isHop: !isRenewal),
        });
    }

    private TimeSpan? LeaseTimeOf(Ipv4 address) =>
        Subnets.FirstOrDefault(subnet => subnet.Network.Subnet.Contains(address))?.Network.LeaseTime;

    private void Transfer(in DnsmasqEvent line)
    {
        var name = line.Text.StartsWith(tftpRoot, StringComparison.Ordinal) ? line.Text[tftpRoot.Length..].TrimStart('/') : line.Text;
        if (line.Address is not { } address || clients.Find(address) is not { } mac)
        {
            return;
        }

        switch (line.Kind)
        {
            case DnsmasqEventKind.FileSent:
                var size = SizeOf(line.Text);
                trace.Mark(mac, HopKind.File, $"{name} by TFTP", size, size);
                break;
            case DnsmasqEventKind.FileRefused when !name.EndsWith("autoexec.ipxe", StringComparison.Ordinal):
                trace.Mark(mac, HopKind.File, $"\"{name}\" by TFTP: no such file");
                break;
            case DnsmasqEventKind.TransferFailed:
                trace.Mark(mac, HopKind.Failed, $"{name} by TFTP: the client stopped answering");
                break;
        }
    }

    // dnsmasq has opened this path itself; one that leads elsewhere is only not measured.
    private long? SizeOf(string path)
    {
        if (!path.StartsWith(tftpRoot, StringComparison.Ordinal) || path.Contains("/..", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            var file = new FileInfo(path);
            return (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file).Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was taken away meanwhile.
            return null;
        }
    }

    private void Begin(MacAddress mac, uint xid)
    {
        if (_begun.Count >= MostExchanges)
        {
            _begun.Clear();
        }

        _begun.Add((mac, xid));
    }

    private PxeClientInfo Loader => PxeClientInfo.OfClasses(_vendorClass, _userClass);

    private string Description => _descriptions.Of(Loader);
}
