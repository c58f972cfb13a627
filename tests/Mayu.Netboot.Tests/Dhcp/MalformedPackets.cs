using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>Packets that no client should send, or that look as if none should, each with what it is answered with.</summary>
internal static class MalformedPackets
{
    public const string Dropped = "dropped";
    public const string Offer = "Offer";
    public const string Nak = "Nak";
    public const string Ack = "Ack";
    public const string Bootp = "BOOTP";

    private const int File = 108;
    private const int ServerName = 44;
    private static readonly byte[] Discover = [53, 1, 1];
    private static readonly byte[] Request = [53, 1, 3];

    /// <summary>Name, packet, answer.</summary>
    public static IEnumerable<(string Name, byte[] Packet, string Answer)> All() =>
        [.. Lengths(), .. Headers(), .. Overruns(), .. MessageTypes(), .. Overloads(), .. Empty(), .. Long(), .. Misshapen(), .. Addresses(), .. ServerIdentifiers()];

    private static IEnumerable<(string, byte[], string)> Lengths()
    {
        foreach (var length in new[] { 0, 1, 2, 3, 28, 43, 44, 108, 235, 236, 239 })
        {
            yield return ($"only {length} bytes", Of([])[..length], Dropped);
        }

        yield return ("the header alone", Of([]), Bootp);
        yield return ("no cookie", Edited(Of([53, 1, 1, 255]), 236, 0, 0, 0, 0), Bootp);
        yield return ("a wrong cookie", Edited(Of([53, 1, 1, 255]), 239, 0x64), Bootp);
        yield return ("300 zeros", new byte[300], Dropped);
        yield return ("300 bytes of 255", [.. Enumerable.Repeat((byte)255, 300)], Dropped);
        yield return ("the longest packet", [.. Of(Discover), .. new byte[DhcpPacket.MaximumSize - 243]], Offer);
        yield return ("longer than the longest packet", [.. Of(Discover), .. new byte[DhcpPacket.MaximumSize - 242]], Dropped);
    }

    private static IEnumerable<(string, byte[], string)> Headers()
    {
        foreach (byte operation in new byte[] { 0, 2, 3, 255 })
        {
            yield return ($"op {operation}", Edited(Of(Discover), 0, operation), Dropped);
        }

        foreach (byte length in new byte[] { 0, 1, 5, 7, 16, 17, 255 })
        {
            yield return ($"hlen {length}", Edited(Of(Discover), 2, length), Dropped);
        }

        foreach (byte type in new byte[] { 0, 6, 32, 255 })
        {
            yield return ($"htype {type}", Edited(Of(Discover), 1, type), Dropped);
        }

        yield return ("a MAC of zeros", Edited(Of(Discover), 28, 0, 0, 0, 0, 0, 0), Dropped);
        yield return ("a broadcast MAC", Edited(Of(Discover), 28, 255, 255, 255, 255, 255, 255), Dropped);
        yield return ("a group MAC", Edited(Of(Discover), 28, 1), Dropped);
        yield return ("chaddr with bytes behind the MAC", Edited(Of(Discover), 34, 255, 255, 255), Offer);
        yield return ("255 hops", Edited(Of(Discover), 3, 255), Offer);
        yield return ("secs 65535", Edited(Of(Discover), 8, 255, 255), Offer);
        yield return ("all flags", Edited(Of(Discover), 10, 255, 255), Offer);
        yield return ("xid 0", Edited(Of(Discover), 4, 0, 0, 0, 0), Offer);
        yield return ("yiaddr and siaddr from a client", Edited(Of(Discover), 16, 8, 8, 8, 8, 9, 9, 9, 9), Offer);
        yield return ("sname and file without an end", Edited(Of(Discover), ServerName, [.. Enumerable.Repeat((byte)'x', 192)]), Offer);
    }

    private static IEnumerable<(string, byte[], string)> Overruns()
    {
        yield return ("an option longer than the packet", Of([.. Discover, 12, 200, 1]), Dropped);
        yield return ("an option one byte longer than the packet", Of([.. Discover, 60, 4, 1, 2, 3]), Dropped);
        yield return ("a code without a length", Of([.. Discover, 12]), Dropped);
        yield return ("option 53 longer than the packet", Of([53, 255, 1]), Dropped);
        yield return ("option 82 longer than the packet", Of([.. Discover, 82, 255, 1, 4]), Dropped);
        yield return ("no end", Of(Discover), Offer);
        yield return ("no end but fillers", Of([.. Discover, 0, 0, 0]), Offer);
        yield return ("fillers before the options", Of([0, 0, 0, .. Discover, 255]), Offer);
        yield return ("fillers alone", Of([0, 0, 0, 0]), Bootp);
        yield return ("the end before the options", Of([255, .. Discover]), Bootp);
        yield return ("an overrun behind the end", Of([.. Discover, 255, 12, 200]), Offer);
        yield return ("two ends", Of([.. Discover, 255, 255]), Offer);
    }

    private static IEnumerable<(string, byte[], string)> MessageTypes()
    {
        yield return ("option 53 without a value", Of([53, 0, 255]), Dropped);
        yield return ("option 53 of two bytes", Of([53, 2, 1, 1, 255]), Dropped);
        foreach (byte type in new byte[] { 0, 2, 5, 6, 9, 18, 255 })
        {
            yield return ($"message type {type}", Of([53, 1, type, 255]), Dropped);
        }

        yield return ("option 53 twice, the same", Of([.. Discover, .. Discover, 255]), Offer);
        yield return ("option 53 twice, DISCOVER first", Of([.. Discover, .. Request, 255]), Offer);
        yield return ("option 53 twice, REQUEST first", Of([.. Request, .. Discover, 255]), Dropped);
        yield return ("a REQUEST for nothing", Of([.. Request, 255]), Dropped);
    }

    private static IEnumerable<(string, byte[], string)> Overloads()
    {
        yield return ("overload 1, the type in file", Edited(Of([52, 1, 1, 255]), File, [.. Discover, 255]), Offer);
        yield return ("overload 2, the type in sname", Edited(Of([52, 1, 2, 255]), ServerName, [.. Discover, 255]), Offer);
        yield return ("overload 3, the type in sname", Edited(Of([52, 1, 3, 255]), ServerName, [.. Discover, 255]), Offer);
        yield return ("overload 3, no end in either", Edited(Edited(Of([52, 1, 3, 255]), File, Discover), ServerName, 12, 1, 65), Offer);
        yield return ("overload 0", Of([.. Discover, 52, 1, 0, 255]), Dropped);
        yield return ("overload 4", Of([.. Discover, 52, 1, 4, 255]), Dropped);
        yield return ("overload without a value", Of([.. Discover, 52, 0, 255]), Dropped);
        yield return ("overload of two bytes", Of([.. Discover, 52, 2, 1, 1, 255]), Dropped);
        yield return ("overload twice", Of([.. Discover, 52, 1, 1, 52, 1, 3, 255]), Offer);
        yield return ("overload 1 and an overrun in file", Edited(Of([.. Discover, 52, 1, 1, 255]), File, 12, 200), Dropped);
        yield return ("overload 2 and an overrun in sname", Edited(Of([.. Discover, 52, 1, 2, 255]), ServerName, 12, 200), Dropped);
        yield return ("overload 1 nested in itself", Edited(Of([.. Discover, 52, 1, 1, 255]), File, 52, 1, 1, 255), Offer);
        yield return ("overload 2 nested in file, with an overrun there", Edited(Edited(Of([.. Discover, 52, 1, 1, 255]), File, 52, 1, 2, 255), ServerName, 12, 200), Offer);
        yield return ("options in file that no overload names", Edited(Of([255]), File, [.. Discover, 255]), Bootp);
    }

    private static IEnumerable<(string, byte[], string)> Empty()
    {
        foreach (byte code in new byte[] { 1, 12, 43, 50, 51, 54, 55, 57, 60, 61, 66, 67, 77, 81, 82, 93, 94, 97, 118, 175, 254 })
        {
            yield return ($"option {code} without a value", Of([.. Discover, code, 0, 255]), Offer);
        }
    }

    private static IEnumerable<(string, byte[], string)> Long()
    {
        foreach (byte code in new byte[] { 12, 43, 50, 54, 55, 57, 60, 61, 77, 82, 93, 94, 97, 175, 254 })
        {
            yield return ($"option {code} of 255 bytes", Of([.. Discover, code, 255, .. Enumerable.Repeat((byte)0xAA, 255), 255]), Offer);
        }

        yield return ("option 60 in 30 pieces", Of([.. Discover, .. Enumerable.Repeat<byte[]>([60, 3, 1, 2, 3], 30).SelectMany(piece => piece), 255]), Offer);
        yield return ("option 82 in 10 long pieces", Of([.. Discover, .. Enumerable.Repeat<byte[]>([82, 255, .. new byte[255]], 10).SelectMany(piece => piece), 255]), Offer);
        yield return ("a host name of spaces", Of([.. Discover, 12, 3, 32, 32, 32, 255]), Offer);
        yield return ("a host name of control characters", Of([.. Discover, 12, 4, 10, 13, 27, 0, 255]), Offer);
        yield return ("a host name of hyphens and dots", Of([.. Discover, 12, 4, 45, 46, 45, 46, 255]), Offer);
        yield return ("a host name that is a command", Of([.. Discover, 12, 8, .. "$(id);`a"u8, 255]), Offer);
    }

    private static IEnumerable<(string, byte[], string)> Misshapen()
    {
        byte[] pxe = [.. Discover, 60, 9, .. "PXEClient"u8];
        yield return ("option 93 of three bytes", Of([.. pxe, 93, 3, 0, 7, 0, 255]), Offer);
        yield return ("option 93 with an architecture that nobody has", Of([.. pxe, 93, 2, 255, 255, 255]), Dropped);
        yield return ("option 97 of 16 bytes", Of([.. pxe, 97, 16, .. new byte[16], 255]), Offer);
        yield return ("option 97 of type 1", Of([.. pxe, 97, 17, 1, .. Enumerable.Repeat((byte)7, 16), 255]), Offer);
        yield return ("a UUID of ones", Of([.. pxe, 97, 17, 0, .. Enumerable.Repeat((byte)255, 16), 255]), Offer);
        yield return ("option 175 with an overrun inside", Of([.. Discover, 175, 3, 0x13, 9, 1, 255]), Offer);
        yield return ("option 77 with a length that is too long", Of([.. Discover, 77, 3, 9, 65, 65, 255]), Offer);
        yield return ("option 57 of 0", Of([.. pxe, 57, 2, 0, 0, 255]), Offer);
        yield return ("option 57 of 1", Of([.. pxe, 57, 2, 0, 1, 255]), Offer);
        yield return ("option 57 of 65535", Of([.. pxe, 57, 2, 255, 255, 255]), Offer);
        yield return ("option 57 of three bytes", Of([.. pxe, 57, 3, 0, 1, 2, 255]), Offer);
    }

    private static IEnumerable<(string, byte[], string)> Addresses()
    {
        foreach (var giaddr in new byte[][] { [8, 8, 8, 8], [10, 0, 0, 1], [10, 0, 0, 9], [127, 0, 0, 1], [224, 0, 0, 1], [255, 255, 255, 255] })
        {
            yield return ($"a forged relay {string.Join('.', giaddr)}", Edited(Of([.. Discover, 255]), 24, giaddr), Dropped);
        }

        foreach (var ciaddr in new byte[][] { [8, 8, 8, 8], [127, 0, 0, 1], [224, 0, 0, 1], [255, 255, 255, 255] })
        {
            yield return ($"a renewal from {string.Join('.', ciaddr)}", Edited(Of([.. Request, 255]), 12, ciaddr), Dropped);
            yield return ($"an INFORM from {string.Join('.', ciaddr)}", Edited(Of([53, 1, 8, 255]), 12, ciaddr), Dropped);
        }

        yield return ("an INFORM from nowhere", Of([53, 1, 8, 255]), Dropped);
        yield return ("an INFORM from the subnet", Edited(Of([53, 1, 8, 255]), 12, 10, 0, 0, 77), Ack);
        foreach (var wish in new byte[][] { [0, 0, 0, 0], [8, 8, 8, 8], [10, 0, 0, 0], [10, 0, 0, 1], [10, 0, 0, 255], [224, 0, 0, 1], [255, 255, 255, 255] })
        {
            yield return ($"a DISCOVER that would like {string.Join('.', wish)}", Of([.. Discover, 50, 4, .. wish, 255]), Offer);
        }

        yield return ("option 50 of five bytes", Of([.. Discover, 50, 5, 10, 0, 0, 50, 0, 255]), Offer);
    }

    private static IEnumerable<(string, byte[], string)> ServerIdentifiers()
    {
        byte[] ours = [54, 4, 10, 0, 0, 1];
        yield return ("selecting this server's own address", Of([.. Request, .. ours, 50, 4, 10, 0, 0, 1, 255]), Nak);
        yield return ("selecting an address of another subnet", Of([.. Request, .. ours, 50, 4, 8, 8, 8, 8, 255]), Nak);
        yield return ("selecting nothing", Of([.. Request, .. ours, 255]), Nak);
        yield return ("selecting, with a server identifier of three bytes", Of([.. Request, 54, 3, 10, 0, 0, 50, 4, 8, 8, 8, 8, 255]), Dropped);
        yield return ("selecting another server", Of([.. Request, 54, 4, 10, 0, 0, 2, 50, 4, 10, 0, 0, 50, 255]), Dropped);
        yield return ("a DECLINE of what nobody was given", Of([53, 1, 4, .. ours, 50, 4, 10, 0, 0, 50, 255]), Dropped);
        yield return ("a DECLINE without an address", Of([53, 1, 4, .. ours, 255]), Dropped);
        yield return ("a RELEASE of what nobody was given", Edited(Of([53, 1, 7, .. ours, 255]), 12, 10, 0, 0, 50), Dropped);
        yield return ("a RELEASE without a server", Edited(Of([53, 1, 7, 255]), 12, 10, 0, 0, 50), Dropped);
    }

    private static byte[] Of(byte[] options)
    {
        var packet = new byte[DhcpPacket.HeaderSize + options.Length];
        byte[] start = [1, HardwareAddress.Ethernet, 6, 0, 0, 0, 0, 42];
        start.CopyTo(packet, 0);
        byte[] mac = [2, 0, 0, 0, 0, 1];
        mac.CopyTo(packet, 28);
        byte[] cookie = [0x63, 0x82, 0x53, 0x63];
        cookie.CopyTo(packet, 236);
        options.CopyTo(packet, DhcpPacket.HeaderSize);
        return packet;
    }

    private static byte[] Edited(byte[] packet, int at, params byte[] bytes)
    {
        byte[] edited = [.. packet];
        bytes.CopyTo(edited, at);
        return edited;
    }
}
