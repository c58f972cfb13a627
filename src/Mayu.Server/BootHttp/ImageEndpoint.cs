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
            var checksum = file + ImageStore.Checksum;
            routes.MapGet($"/images/{{serial}}/{checksum}", (SerialSegment asked, HttpPeer peer) => BootFile(asked.Value, peer, checksum, hop: null));
        }

        foreach (var disk in new[] { ImageStore.DiskImage, ImageStore.OldDiskImage })
        {
            foreach (var file in new[] { disk, disk + ImageStore.Checksum })
            {
                routes.MapGet($"/images/{{serial}}/{file}", (SerialSegment asked, HttpPeer peer) => DiskImage(asked.Value, peer, file));
            }
        }

        foreach (var file in ImageStore.QemuFiles.SelectMany(file => new[] { file, file + ImageStore.Checksum }))
        {
            routes.MapGet($"/images/{{serial}}/{file}", (SerialSegment asked, HttpPeer peer) => QemuFile(asked.Value, peer, file));
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

    private Results<FileAnswer, Problem> BootFile(Serial serial, HttpPeer peer, string file, HopKind? hop)
    {
        var answer = boot.Decisions.AnswerFor(serial);
        return answer.BootsFromNetwork
            ? SendPart(serial, peer, answer.Image ?? boot.Configuration.DiscoveryImage, file, hop)
            : new Problem(StatusCodes.Status409Conflict, "Nothing to boot", $"Machine {serial} does not boot from the network: {answer.Reason}.");
    }

    private Results<FileAnswer, Problem> DiskImage(Serial serial, HttpPeer peer, string file) =>
        boot.Store.Current.Find(serial) is { State: MachineState.Installing, Enabled: true, Image: { } image }
            ? SendPart(serial, peer, image, file, file == ImageStore.DiskImage ? HopKind.Image : null)
            : InstallPlanEndpoint.NotInstalling(boot, serial);

    // For virtual machines on a machine, as the first Mayu had them: of the image that the machine has.
    private Results<FileAnswer, Problem> QemuFile(Serial serial, HttpPeer peer, string file) => boot.Store.Current.Find(serial) is { Image: { } image }
        ? SendPart(serial, peer, image, file, hop: null)
        : new Problem(StatusCodes.Status404NotFound, "No such image", $"Machine {serial} is not known, or has no image.");

    // A boot needs what is a hop of it: the machine fails where that is not there.
    private Results<FileAnswer, Problem> SendPart(Serial serial, HttpPeer peer, string image, string file, HopKind? hop) => hop is { } reached
        ? Send(serial, peer, image, file, Marks(serial, peer, reached))
        : Send(serial: null, peer, image, file, static (_, _, _) => { });

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
