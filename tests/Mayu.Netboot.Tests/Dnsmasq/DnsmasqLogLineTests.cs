using System.Text;
using Mayu.Netboot.Dnsmasq;

namespace Mayu.Netboot.Tests.Dnsmasq;

public class DnsmasqLogLineTests
{
    // As dnsmasq 2.90 wrote them.
    [Theory]
    [InlineData("dnsmasq[7]: started, version 2.90 DNS disabled", "Started")]
    [InlineData("dnsmasq-dhcp[7]: read /var/lib/mayu/dnsmasq/hosts", "FileRead")]
    [InlineData("dnsmasq-dhcp[7]: cannot read /var/lib/mayu/dnsmasq/hosts: Permission denied", "Unreadable")]
    [InlineData("dnsmasq-dhcp[7]: 4711 vendor class: PXEClient:Arch:00007:UNDI:003001", "VendorClass 4711 PXEClient:Arch:00007:UNDI:003001")]
    [InlineData("dnsmasq-dhcp[7]: 4711 user class: iPXE", "UserClass 4711 iPXE")]
    [InlineData("dnsmasq-dhcp[7]: 4711 DHCPDISCOVER(br0) 02:00:00:00:00:01 ", "Message 4711 DHCPDISCOVER 02:00:00:00:00:01")]
    [InlineData("dnsmasq-dhcp[7]: 4711 DHCPDISCOVER(br0) 10.0.0.9 02:00:00:00:00:01 ignored", "Message 4711 DHCPDISCOVER 02:00:00:00:00:01 10.0.0.9 ignored")]
    [InlineData("dnsmasq-dhcp[7]: 4294967295 DHCPOFFER(br0) 10.0.0.9 02:00:00:00:00:01 ", "Message 4294967295 DHCPOFFER 02:00:00:00:00:01 10.0.0.9")]
    [InlineData("dnsmasq-dhcp[7]: 4711 DHCPACK(br0) 10.0.0.9 02:00:00:00:00:01 DHCPACK(br0) 10.0.0.1", "Message 4711 DHCPACK 02:00:00:00:00:01 10.0.0.9 DHCPACK(br0) 10.0.0.1")]
    [InlineData("dnsmasq-dhcp[7]: 4711 DHCPNAK(br0) 10.9.9.9 02:00:00:00:00:01 wrong network", "Message 4711 DHCPNAK 02:00:00:00:00:01 10.9.9.9 wrong network")]
    [InlineData("dnsmasq-dhcp[7]: 4711 BOOTP(br0) 10.0.0.9 02:00:00:00:00:01 ", "Message 4711 BOOTP 02:00:00:00:00:01 10.0.0.9")]
    [InlineData("dnsmasq-dhcp[7]: 4711 PXE(br0) 02:00:00:00:00:01 proxy", "Message 4711 PXE 02:00:00:00:00:01 proxy")]
    [InlineData("dnsmasq-dhcp[7]: 4711 bootfile name: http://10.0.0.1:4081/ipxebootscript", "BootFile 4711 http://10.0.0.1:4081/ipxebootscript")]
    [InlineData("dnsmasq-dhcp[7]: 4711 sent size:  9 option: 67 bootfile-name  ipxe.efi", "BootFile 4711 ipxe.efi")]
    [InlineData("dnsmasq-dhcp[7]: 4711 sent size:  4 option: 54 server-identifier  10.0.0.1", "Detail 4711 sent size:  4 option: 54 server-identifier  10.0.0.1")]
    [InlineData("dnsmasq-dhcp[7]: 4711 tags: loader, pxe, br0", "Detail 4711 tags: loader, pxe, br0")]
    [InlineData("dnsmasq-tftp[7]: sent /tftp/ipxe.efi to 10.0.0.9", "FileSent /tftp/ipxe.efi 10.0.0.9")]
    [InlineData("dnsmasq-tftp[7]: file /tftp/autoexec.ipxe not found for 10.0.0.9", "FileRefused /tftp/autoexec.ipxe 10.0.0.9")]
    [InlineData("dnsmasq-tftp[7]: failed sending /tftp/ipxe.efi to 10.0.0.9", "TransferFailed /tftp/ipxe.efi 10.0.0.9")]
    public void A_line_is_taken_apart(string line, string expected) => Assert.Equal(expected, Words(DnsmasqLogLine.Parse(line)));

    // Each of these has a name or a class in it that a client chose.
    [Theory]
    [InlineData("dnsmasq-tftp[7]: sent /tftp/x to 10.0.0.1 to 10.0.0.9", "FileSent /tftp/x to 10.0.0.1 10.0.0.9")]
    [InlineData("dnsmasq-tftp[7]: file /tftp/x not found for 10.0.0.1 not found for 10.0.0.9", "FileRefused /tftp/x not found for 10.0.0.1 10.0.0.9")]
    [InlineData("dnsmasq-dhcp[7]: 4711 vendor class: ]: 4712 DHCPACK(br0) 10.0.0.1 02:00:00:00:00:02", "VendorClass 4711 ]: 4712 DHCPACK(br0) 10.0.0.1 02:00:00:00:00:02")]
    [InlineData("dnsmasq-dhcp[7]: 4711 client provides name: DHCPACK(br0) 10.0.0.1 02:00:00:00:00:02", "Detail 4711 client provides name: DHCPACK(br0) 10.0.0.1 02:00:00:00:00:02")]
    public void A_client_cannot_speak_for_another(string line, string expected) => Assert.Equal(expected, Words(DnsmasqLogLine.Parse(line)));

    [Theory]
    [InlineData("")]
    [InlineData("]: ")]
    [InlineData("dnsmasq-dhcp[7]: ")]
    [InlineData("dnsmasq-dhcp[7]: 4711 ")]
    [InlineData("dnsmasq-dhcp[7]: 99999999999 DHCPACK(br0) 10.0.0.1 02:00:00:00:00:02")]
    [InlineData("dnsmasq-dhcp[7]: 4711 DHCP")]
    [InlineData("dnsmasq-dhcp[7]: 4711 DHCPACK")]
    [InlineData("dnsmasq-dhcp[7]: 4711 DHCPACK(br0) ")]
    [InlineData("dnsmasq-dhcp[7]: 4711 DHCPACK(br0) 10.0.0.1")]
    [InlineData("dnsmasq-dhcp[7]: 4711 DHCPACK(br0) 10.0.0.1 06-02:00:00:00:00:02")]
    [InlineData("dnsmasq-tftp[7]: sent  to ")]
    [InlineData("dnsmasq-tftp[7]: sent /tftp/x to nobody")]
    public void What_is_misshapen_says_nothing(string line) =>
        Assert.Contains(DnsmasqLogLine.Parse(line).Kind, new[] { DnsmasqEventKind.Other, DnsmasqEventKind.Detail });

    [Fact]
    public async Task A_line_is_cut_and_what_is_not_printable_is_escaped()
    {
        using var output = new MemoryStream(Encoding.Latin1.GetBytes($"a\u001b[31mb\r\n{new string('x', 1_000_000)}\nlast"));

        var lines = await BoundedLines.ReadAsync(output, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["a\\x1b[31mb\\x0d", new string('x', BoundedLines.MaxLine), "last"], lines);
    }

    private static string Words(in DnsmasqEvent said)
    {
        object?[] parts = [said.Kind, said.Xid == 0 ? null : said.Xid, said.Name, said.Mac, said.Kind == DnsmasqEventKind.Message ? said.Address : null];
        var text = said.Kind is DnsmasqEventKind.Unreadable ? null : said.Text;
        return string.Join(' ', parts.Append(text is "" ? null : text).Append(said.Kind == DnsmasqEventKind.Message ? null : said.Address).Where(part => part is not null));
    }
}
