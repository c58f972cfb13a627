using System.Globalization;
using Mayu.Primitives;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// Reads a line that dnsmasq wrote with <c>log-dhcp</c> and <c>log-facility=-</c>. Names that clients chose stand in such lines: what is read
/// from the end (the client's address) is read from the end, so that a name cannot speak for somebody else.
/// </summary>
internal static class DnsmasqLogLine
{
    /// <summary>Reads it; what is not known is <see cref="DnsmasqEventKind.Other"/>.</summary>
    public static DnsmasqEvent Parse(ReadOnlySpan<char> line) => Split(line, "]: ") switch
    {
        { Found: true } parts when parts.Before.StartsWith("dnsmasq-dhcp[") => Dhcp(parts.After),
        { Found: true } parts when parts.Before.StartsWith("dnsmasq-tftp[") => Tftp(parts.After),
        { Found: true } parts when parts.Before.StartsWith("dnsmasq[") => General(parts.After),
        // What ends it at once it says before it has a log.
        _ => General(line),
    };

    private static DnsmasqEvent General(ReadOnlySpan<char> text) =>
        text.StartsWith("started, version ") ? new DnsmasqEvent(DnsmasqEventKind.Started) : Unreadable(text);

    // "cannot read /…/hosts: Permission denied"
    private static DnsmasqEvent Unreadable(ReadOnlySpan<char> text) =>
        text.StartsWith("cannot read ") || text.StartsWith("failed to read ")
            ? new DnsmasqEvent(DnsmasqEventKind.Unreadable) { Text = text.ToString() }
            : new DnsmasqEvent(DnsmasqEventKind.Other);

    private static DnsmasqEvent Dhcp(ReadOnlySpan<char> text)
    {
        var parts = Split(text, " ");
        var rest = parts.After;
        if (!parts.Found || !uint.TryParse(parts.Before, NumberStyles.None, CultureInfo.InvariantCulture, out var xid))
        {
            return text.StartsWith("read ") ? new DnsmasqEvent(DnsmasqEventKind.FileRead) : Unreadable(text);
        }

        if (After(rest, "vendor class: ", out var value))
        {
            return new DnsmasqEvent(DnsmasqEventKind.VendorClass) { Xid = xid, Text = value.ToString() };
        }

        if (After(rest, "user class: ", out value))
        {
            return new DnsmasqEvent(DnsmasqEventKind.UserClass) { Xid = xid, Text = value.ToString() };
        }

        // The first where it stands in the packet's own field, the other where the client asked for the option.
        if (After(rest, "bootfile name: ", out value) || (rest.StartsWith("sent size:") && After(Split(rest, " option: ").After, "67 bootfile-name  ", out value)))
        {
            return new DnsmasqEvent(DnsmasqEventKind.BootFile) { Xid = xid, Text = value.ToString() };
        }

        return Message(xid, rest);
    }

    // "DHCPOFFER(br0) 10.0.0.100 52:54:00:00:00:01 what dnsmasq adds"; the address is not always there.
    private static DnsmasqEvent Message(uint xid, ReadOnlySpan<char> text)
    {
        var name = text[..(text.IndexOfAnyExceptInRange('0', 'Z') is var end and >= 0 ? end : text.Length)];
        if (!(name is "BOOTP" or "PXE" || name.StartsWith("DHCP")) || !Split(text, ") ").Found || text[name.Length] != '(')
        {
            return new DnsmasqEvent(DnsmasqEventKind.Detail) { Xid = xid, Text = text.ToString() };
        }

        var word = Split(Split(text, ") ").After, " ");
        Ipv4? address = Ipv4.TryParse(word.Before, out var parsed) ? parsed : null;
        if (address is not null)
        {
            word = Split(word.After, " ");
        }

        return MacAddress.TryParse(word.Before, out var mac)
            ? new DnsmasqEvent(DnsmasqEventKind.Message) { Xid = xid, Name = name.ToString(), Mac = mac, Address = address, Text = word.After.Trim().ToString() }
            : new DnsmasqEvent(DnsmasqEventKind.Detail) { Xid = xid, Text = text.ToString() };
    }

    private static DnsmasqEvent Tftp(ReadOnlySpan<char> text) =>
        After(text, "sent ", out var rest) ? File(DnsmasqEventKind.FileSent, rest, " to ")
        : After(text, "file ", out rest) ? File(DnsmasqEventKind.FileRefused, rest, " not found for ")
        : After(text, "failed sending ", out rest) ? File(DnsmasqEventKind.TransferFailed, rest, " to ")
        // "error 8 User aborted the transfer received from 10.0.0.100"
        : After(text, "error ", out rest) ? File(DnsmasqEventKind.Other, rest, " received from ")
        : new DnsmasqEvent(DnsmasqEventKind.Other);

    private static DnsmasqEvent File(DnsmasqEventKind kind, ReadOnlySpan<char> text, ReadOnlySpan<char> between)
    {
        var at = text.LastIndexOf(between);
        return at > 0 && Ipv4.TryParse(text[(at + between.Length)..], out var client)
            ? new DnsmasqEvent(kind) { Address = client, Text = text[..at].ToString() }
            : new DnsmasqEvent(DnsmasqEventKind.Other);
    }

    private static bool After(ReadOnlySpan<char> text, ReadOnlySpan<char> start, out ReadOnlySpan<char> rest)
    {
        var found = text.StartsWith(start);
        rest = found ? text[start.Length..] : default;
        return found;
    }

    private static Parts Split(ReadOnlySpan<char> text, ReadOnlySpan<char> at)
    {
        var place = text.IndexOf(at);
        return place < 0 ? new Parts(text, default, found: false) : new Parts(text[..place], text[(place + at.Length)..], found: true);
    }

    private readonly ref struct Parts(ReadOnlySpan<char> before, ReadOnlySpan<char> after, bool found)
    {
        public ReadOnlySpan<char> Before { get; } = before;

        public ReadOnlySpan<char> After { get; } = after;

        public bool Found { get; } = found;
    }
}
