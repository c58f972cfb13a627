using System.Collections.Concurrent;
using System.Collections.Frozen;
using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// Makes marks of the boot trace of dnsmasq's log, the same as the builtin server leaves. dnsmasq has one thread, so the lines of one packet
/// follow each other. For one thread at a time.
/// </summary>
/// <param name="tftpRoot">The folder that its TFTP serves; a path is shown below it.</param>
/// <param name="answers">The brain, for the reason why a client was left alone.</param>
/// <param name="trace">Where the marks go.</param>
/// <param name="logger">Where each answer is told.</param>
internal sealed partial class DnsmasqLog(string tftpRoot, IBootAnswers answers, BootTrace trace, ILogger<DnsmasqLog> logger)
{
    private const string Tags = "tags: ";
    private const int MostLeases = 100_000;
    private const int MostExchanges = 4096;

    private readonly ConcurrentDictionary<Ipv4, MacAddress> _clients = [];
    private readonly HashSet<(MacAddress Mac, uint Xid)> _begun = [];
    private string _vendorClass = "";
    private string _userClass = "";
    private uint _xid;
    private DnsmasqEvent _answer;
    private DnsmasqEvent _asked;

    /// <summary>This server's own interfaces, whose questions for other DHCP servers are no hops of a boot.</summary>
    public FrozenSet<MacAddress> OwnMacs { get; init; } = FrozenSet<MacAddress>.Empty;

    /// <summary>Is told the tags that dnsmasq gives a client; null: nobody wants to know.</summary>
    public TaggedBlockSizes? BlockSizes { get; init; }

    /// <summary>Whose an address is, as far as the log has told. Safe from any thread.</summary>
    public MacAddress? FindClient(Ipv4 address) => _clients.TryGetValue(address, out var mac) ? mac : null;

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
            case DnsmasqEventKind.Detail when _answer.Mac is not null && _answer.Xid == line.Xid && IsLoader:
                return;
        }

        Answered(bootFile: null);
        switch (line.Kind)
        {
            case DnsmasqEventKind.VendorClass:
                (_xid, _vendorClass, _userClass) = (line.Xid, line.Text, "");
                break;
            case DnsmasqEventKind.UserClass:
                _vendorClass = _xid == line.Xid ? _vendorClass : "";
                (_xid, _userClass) = (line.Xid, line.Text);
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
        trace.Attribute(mac, answers.AnswerFor(mac, uuid: null).Serial);

        if (_xid != line.Xid)
        {
            (_xid, _vendorClass, _userClass) = (line.Xid, "", "");
        }

        switch (line.Name)
        {
            case "DHCPDISCOVER":
                trace.Mark(mac, HopKind.Discover, Describe());
                Begin(mac, line.Xid);
                Unanswered(line, mac);
                break;
            case "BOOTP":
                trace.Mark(mac, HopKind.Request, "BOOTP");
                Unanswered(line, mac);
                _answer = line.Text.Length == 0 ? line : default;
                break;
            // A renewal is a running system's everyday life, not a hop of its boot; it has no DHCPDISCOVER before it.
            case "DHCPREQUEST" when _begun.Contains((mac, line.Xid)):
                trace.Mark(mac, HopKind.Request, $"{Describe()} asks for {line.Address}");
                break;
            case "DHCPOFFER" or "DHCPACK" or "PXE" when line.Text is not "proxy-ignored":
                _answer = line;
                break;
            case "PXE":
                StaySilent(mac);
                break;
            case "DHCPNAK":
                trace.Mark(mac, HopKind.Nak, $"{line.Address} was refused: {line.Text}");
                LogNak(mac, line.Xid, line.Address, line.Text);
                break;
            case "DHCPDECLINE":
                trace.Mark(mac, HopKind.Decline, $"it declined {line.Address}: another device on the network has that address");
                break;
            case "DHCPRELEASE" when line.Address is { } address:
                _clients.TryRemove(address, out _);
                trace.Mark(mac, HopKind.Release, $"it gave {address} back");
                break;
        }
    }

    // What dnsmasq adds to a message that it does not answer: "ignored" (BOOTP: "disabled"), "no address available", "address in use".
    private void Unanswered(in DnsmasqEvent line, MacAddress mac)
    {
        if (line.Text is "ignored" or "disabled")
        {
            StaySilent(mac);
        }
        else if (line.Text.Length > 0)
        {
            trace.Mark(mac, HopKind.Failed, $"dnsmasq gave no address: {line.Text}");
            LogFailed(mac, line.Xid, line.Text);
        }
    }

    private void StaySilent(MacAddress mac)
    {
        var answer = answers.AnswerFor(mac, uuid: null).Answer;
        var why = answer.Kind is BootAnswerKind.LocalDisk or BootAnswerKind.Ignore ? answer.Reason : $"there is no boot loader for {Describe()}";
        trace.Mark(mac, HopKind.Silent, why);
        LogSilent(mac, why);
    }

    private void Answered(string? bootFile)
    {
        var answer = _answer;
        _answer = default;
        if (answer.Mac is not { } mac)
        {
            return;
        }

        if (answer.Name == "DHCPACK" && !_begun.Contains((mac, answer.Xid)))
        {
            Remember(answer.Address, mac);
            return;
        }

        var kind = answer.Name switch { "DHCPOFFER" => HopKind.Offer, "PXE" => HopKind.Proxy, _ => HopKind.Ack };
        trace.Mark(mac, kind, HopDetail.Lease(answer.Address ?? default, bootFile));
        if (answer.Name == "PXE")
        {
            LogProxy(mac, answer.Xid, bootFile ?? "none");
        }
        else if (answer.Name == "DHCPOFFER")
        {
            LogOffer(mac, answer.Xid, answer.Address, bootFile ?? "none");
        }
        else
        {
            Remember(answer.Address, mac);
            LogAck(mac, answer.Xid, answer.Address, bootFile ?? "none");
        }
    }

    private void Transfer(in DnsmasqEvent line)
    {
        var name = line.Text.StartsWith(tftpRoot, StringComparison.Ordinal) ? line.Text[tftpRoot.Length..].TrimStart('/') : line.Text;
        if (line.Address is not { } address || !_clients.TryGetValue(address, out var mac))
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
                trace.Mark(mac, HopKind.Failed, $"{name} by TFTP: it fell silent");
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

    private void Remember(Ipv4? address, MacAddress mac)
    {
        if (address is { } leased && (_clients.Count < MostLeases || _clients.ContainsKey(leased)))
        {
            _clients[leased] = mac;
        }
    }

    private bool IsLoader => _userClass == "iPXE" || _answer.Name == "BOOTP" || _vendorClass.StartsWith("PXEClient", StringComparison.Ordinal)
        || _vendorClass.StartsWith("HTTPClient", StringComparison.Ordinal) || IsUBoot;

    private bool IsUBoot => _vendorClass.StartsWith("U-Boot", StringComparison.Ordinal);

    private string Describe()
    {
        var (loader, http) = (_vendorClass.StartsWith("PXEClient", StringComparison.Ordinal), _vendorClass.StartsWith("HTTPClient", StringComparison.Ordinal));
        // PXEClient:Arch:00007:UNDI:003001
        var architecture = (loader || http) && _vendorClass.Split(':') is [_, "Arch", var number, ..] ? $"architecture {number.TrimStart('0').PadLeft(1, '0')}" : "no architecture told";
        return _userClass == "iPXE" ? $"iPXE, {architecture}"
            : loader ? $"PXE firmware, {architecture}"
            : http ? $"UEFI HTTP boot, {architecture}"
            : IsUBoot ? $"U-Boot ({_vendorClass})"
            : _vendorClass.Length == 0 ? "an operating system" : $"an operating system ({_vendorClass})";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} xid {Xid:x8} is offered {Address}, boot file {File}")]
    private partial void LogOffer(MacAddress mac, uint xid, Ipv4? address, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} xid {Xid:x8} is told by the proxy to load {File}")]
    private partial void LogProxy(MacAddress mac, uint xid, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} xid {Xid:x8} has {Address}, boot file {File}")]
    private partial void LogAck(MacAddress mac, uint xid, Ipv4? address, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} xid {Xid:x8} is refused {Address}: {Why}")]
    private partial void LogNak(MacAddress mac, uint xid, Ipv4? address, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mac} gets no answer: {Why}")]
    private partial void LogSilent(MacAddress mac, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Mac} xid {Xid:x8} gets no address: dnsmasq says {Why}")]
    private partial void LogFailed(MacAddress mac, uint xid, string why);
}
