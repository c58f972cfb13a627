using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Http;
using Mayu.Server.Images;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mayu.Server.BootHttp;

/// <summary>Kernel, initial RAM disk and disk image of a machine, by its boot answer.</summary>
internal sealed class ImageEndpoint(BootContext boot)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (file, hop) in new[] { (ImageStore.Kernel, HopKind.Kernel), (ImageStore.Initrd, HopKind.Initrd) })
        {
            routes.MapGet($"/images/{file}", (HttpPeer peer) => DiscoveryFile(peer, file, hop));
            routes.MapGet($"/images/{{serial}}/{file}", (SerialSegment asked, HttpPeer peer) => BootFile(asked.Value, peer, file, hop));
        }

        foreach (var file in new[] { ImageStore.DiskImage, ImageStore.Checksum })
        {
            routes.MapGet($"/images/{{serial}}/{file}", (SerialSegment asked, HttpPeer peer) => DiskImage(asked.Value, peer, file));
        }
    }

    // GRUB and PXELINUX cannot tell a serial; whose their address is says DHCP.
    private Results<FileAnswer, Problem> DiscoveryFile(HttpPeer peer, string file, HopKind hop) =>
        Send(serial: null, peer, boot.Configuration.DiscoveryImage, file, (what, bytes, total) =>
        {
            if (boot.MacOf(peer) is { } mac)
            {
                boot.Trace.Mark(mac, hop, what, bytes, total);
            }
        });

    private Results<FileAnswer, Problem> BootFile(Serial serial, HttpPeer peer, string file, HopKind hop)
    {
        var answer = boot.Decisions.AnswerFor(serial);
        return answer.BootsFromNetwork
            ? Send(serial, peer, answer.Image ?? boot.Configuration.DiscoveryImage, file, Marks(serial, peer, hop))
            : new Problem(StatusCodes.Status409Conflict, "Nothing to boot", $"Machine {serial} does not boot from the network: {answer.Reason}.");
    }

    private Results<FileAnswer, Problem> DiskImage(Serial serial, HttpPeer peer, string file) =>
        boot.Store.Current.Find(serial) is { State: MachineState.Installing, Enabled: true, Image: { } image }
            ? Send(serial, peer, image, file, Marks(serial, peer, HopKind.Image))
            : InstallPlanEndpoint.NotInstalling(boot, serial);

    private Action<string, long, long> Marks(Serial serial, HttpPeer peer, HopKind hop)
    {
        var mac = boot.MacOf(peer);
        return (what, bytes, total) => boot.Trace.Mark(serial, hop, what, bytes, total, mac: mac);
    }

    private Results<FileAnswer, Problem> Send(Serial? serial, HttpPeer peer, string image, string file, Action<string, long, long> mark)
    {
        try
        {
            var path = boot.Images.PathOf(image, file);
            return new FileAnswer(SentFile.At(path), "application/octet-stream", (bytes, total) => mark($"{image}/{file}", bytes, total));
        }
        catch (Exception e) when (e is ImageMissingException or IOException or UnauthorizedAccessException)
        {
            if (serial is { } failed)
            {
                boot.Failed(peer, failed, "image", e.Message);
            }

            return new Problem(StatusCodes.Status404NotFound, "No such image", e.Message);
        }
    }
}
