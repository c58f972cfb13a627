using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Images;

namespace Mayu.Server.BootHttp;

/// <summary>Kernel, initial RAM disk and disk image of a machine, by its boot answer.</summary>
internal static class ImageEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, BootContext boot)
    {
        foreach (var (file, hop) in new[] { (ImageStore.Kernel, HopKind.Kernel), (ImageStore.Initrd, HopKind.Initrd) })
        {
            Map(routes, $"/images/{file}", context => SendAsync(context, boot, serial: null, boot.Configuration.DiscoveryImage, file, hop));
            Map(routes, $"/images/{{serial}}/{file}", context => SendBootFileAsync(context, boot, file, hop));
        }

        foreach (var file in new[] { ImageStore.DiskImage, ImageStore.Checksum })
        {
            Map(routes, $"/images/{{serial}}/{file}", context => SendDiskImageAsync(context, boot, file));
        }
    }

    private static void Map(IEndpointRouteBuilder routes, string pattern, RequestDelegate answer) =>
        routes.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], answer);

    private static async Task SendBootFileAsync(HttpContext context, BootContext boot, string file, HopKind hop)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial)
        {
            return;
        }

        var answer = boot.Decisions.AnswerFor(serial);
        if (!answer.BootsFromNetwork)
        {
            await Problems.WriteAsync(context, StatusCodes.Status409Conflict, "Nothing to boot", $"Machine {serial} does not boot from the network: {answer.Reason}.");
            return;
        }

        await SendAsync(context, boot, serial, answer.Image ?? boot.Configuration.DiscoveryImage, file, hop);
    }

    private static async Task SendDiskImageAsync(HttpContext context, BootContext boot, string file)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial)
        {
            return;
        }

        if (boot.Store.Current.Find(serial) is not { State: MachineState.Installing, Enabled: true, Image: { } image })
        {
            await Problems.WriteAsync(context, StatusCodes.Status409Conflict, "Nothing to install", InstallPlanEndpoint.NotInstalling(boot, serial));
            return;
        }

        await SendAsync(context, boot, serial, image, file, HopKind.Image);
    }

    private static async Task SendAsync(HttpContext context, BootContext boot, Serial? serial, string image, string file, HopKind hop)
    {
        string path;
        try
        {
            path = boot.Images.PathOf(image, file);
        }
        catch (ImageMissingException e)
        {
            if (serial is { } failed)
            {
                boot.Failed(failed, "image", e.Message);
            }

            await Problems.WriteAsync(context, StatusCodes.Status404NotFound, "No such image", e.Message);
            return;
        }

        await FileAnswer.SendAsync(context, path, "application/octet-stream", (bytes, total) =>
        {
            if (serial is { } machine)
            {
                boot.Trace.Mark(machine, hop, $"{image}/{file}", bytes, total);
            }
            else if (boot.MacOf(context) is { } mac)
            {
                // GRUB and PXELINUX cannot tell a serial; whose their address is says DHCP.
                boot.Trace.Mark(mac, hop, $"{image}/{file}", bytes, total);
            }
        });
    }
}
