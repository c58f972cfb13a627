using System.Text;
using Mayu.Protocols.Tests.Dhcp;

namespace Mayu.Netboot.Tests.Tftp;

/// <summary>What the captured clients are answered: each its own request, as it sent it.</summary>
public class ClientRequestAnswersTests
{
    private const int Size = 1100;

    [Theory]
    [InlineData("virtio-rom", "lpxelinux.0", "blksize=1432 tsize=1100")]
    [InlineData("pxelinux", "ldlinux.c32", "blksize=1408 tsize=1100")]
    [InlineData("ovmf probe", "shimx64.efi", "blksize=1468 tsize=1100 windowsize=4")]
    [InlineData("ovmf", "shimx64.efi", "blksize=1468 windowsize=4")]
    [InlineData("shim", "grubx64.efi", "blksize=512 windowsize=4")]
    [InlineData("grub-signed", "grub/grub.cfg", "blksize=1024 tsize=1100")]
    [InlineData("grub-bios", "boot/grub/i386-pc/normal.mod", "blksize=1024 tsize=1100")]
    [InlineData("tftp-hpa", "file", null)]
    [InlineData("atftp", "file", "blksize=1428 tsize=1100 windowsize=8")]
    [InlineData("curl", "file", "blksize=512 timeout=6 tsize=1100")]
    [InlineData("busybox", "file", "blksize=1400 tsize=1100")]
    public async Task Every_client_is_acknowledged_what_it_asked_for_and_one_without_options_gets_data_at_once(string client, string file, string? options)
    {
        await using var server = new LoopbackTftp(mtu: 1500);
        Directory.CreateDirectory(Path.GetDirectoryName(server.PathOf(file))!);
        server.Put(file, Size);
        using var hand = new HandClient(server.EndPoint);

        hand.Request(Encoding.Latin1.GetString(FirmwarePackets.Read("client-requests.txt")[client]));

        var answer = hand.Receive();
        if (options is null)
        {
            Assert.Equal([0, 3, 0, 1], answer[..4]);
            Assert.Equal(4 + 512, answer.Length);
            return;
        }

        Assert.Equal([0, 6], answer[..2]);
        var words = Encoding.ASCII.GetString(answer[2..^1]).Split('\0');
        Assert.Equal(options, string.Join(' ', words.Chunk(2).Select(pair => string.Join('=', pair)).Order(StringComparer.Ordinal)));
    }
}
