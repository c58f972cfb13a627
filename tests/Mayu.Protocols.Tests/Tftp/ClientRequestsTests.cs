using System.Text;
using Mayu.Protocols.Tests.Dhcp;
using Mayu.Protocols.Tftp;

namespace Mayu.Protocols.Tests.Tftp;

/// <summary>The captures of <c>client-requests.txt</c>.</summary>
public class ClientRequestsTests
{
    [Theory]
    [InlineData("virtio-rom", "lpxelinux.0", 1432, 0L, null, null)]
    [InlineData("pxelinux", "ldlinux.c32", 1408, 0L, null, null)]
    [InlineData("ovmf probe", "shimx64.efi", 1468, 0L, 4, null)]
    [InlineData("ovmf", "shimx64.efi", 1468, null, 4, null)]
    [InlineData("shim", "grubx64.efi", 512, null, 4, null)]
    [InlineData("grub-signed", "/grub/grub.cfg", 1024, 0L, null, null)]
    [InlineData("grub-efi", "/boot/grub/grub.cfg-01-52-54-02-4d-59-26", 1024, 0L, null, null)]
    [InlineData("grub-bios", "/boot/grub/i386-pc/normal.mod", 1024, 0L, null, null)]
    [InlineData("tftp-hpa", "file", null, null, null, null)]
    [InlineData("atftp", "file", 1428, 0L, 8, null)]
    [InlineData("curl", "file", 512, 0L, null, 6)]
    [InlineData("busybox", "file", 1400, 0L, null, null)]
    public void Every_client_asks_for_a_file_with_options_of_its_own(string client, string file, int? blockSize, long? size, int? window, int? timeout)
    {
        Assert.True(TftpPacket.TryParse(FirmwarePackets.Read("client-requests.txt")[client], out var packet, out var error), error.ToString());

        Assert.Equal((TftpOpcode.ReadRequest, file, "octet"), (packet.Opcode, Encoding.ASCII.GetString(packet.Body), Encoding.ASCII.GetString(packet.Mode)));
        var asked = TftpRequestedOptions.Read(packet);
        Assert.Equal((blockSize, size, window, timeout), (asked.BlockSize, asked.TransferSize, asked.WindowSize, asked.TimeoutSeconds));
    }
}
