using System.Text;
using Mayu.Netboot.Files;
using Mayu.Netboot.Loaders;
using Mayu.Primitives;
using Mayu.Server.BootHttp;
using Microsoft.AspNetCore.Http.Features;

namespace Mayu.Server.BootScripts;

/// <summary>
/// <c>GET /loaders/NAME</c>: what TFTP serves under that name, for UEFI HTTP boot and for loaders that speak HTTP. EDK2 asks with HEAD
/// first and wants the length; it knows a loader by its type or its ending.
/// </summary>
internal static class LoaderEndpoint
{
    private const string Prefix = $"/{LoaderPaths.Http}/";

    public static void Map(IEndpointRouteBuilder routes, BootContext boot) =>
        routes.MapMethods(Prefix + "{**name}", [HttpMethods.Get, HttpMethods.Head], context => AnswerAsync(context, boot));

    private static async Task AnswerAsync(HttpContext context, BootContext boot)
    {
        var client = context.Connection.RemoteIpAddress is { } address ? Ipv4.From(address) : default;
        // As it stood on the wire, for so TFTP has it: serials in names are encoded, and are decoded once.
        var asked = (context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "").Split('?')[0];
        var name = asked.StartsWith(Prefix, StringComparison.Ordinal) ? asked[Prefix.Length..] : "";
        if (!boot.Files.TryOpen(Encoding.ASCII.GetBytes(name), client, out var file, out _, out var message))
        {
            await Problems.WriteAsync(context, StatusCodes.Status404NotFound, "No such file", $"{name}: {message}.");
            return;
        }

        using (file)
        {
            context.Response.ContentType = file.Name.EndsWith(".efi", StringComparison.OrdinalIgnoreCase) ? "application/efi" : "application/octet-stream";
            context.Response.ContentLength = file.Size;
            if (!HttpMethods.IsHead(context.Request.Method)
                && await LargeBody.SendAsync(context, 0, file.Size - 1, (portion, position) => ValueTask.FromResult(file.TryRead(portion.Span, position) ? portion.Length : 0)))
            {
                Mark(boot, client, file);
            }
        }
    }

    private static void Mark(BootContext boot, Ipv4 client, ServedFile file)
    {
        if (boot.Addresses.Find(client) is { } mac)
        {
            boot.Trace.Mark(mac, BootFileHops.HopOf(file.Name), $"{file.Name} by HTTP", file.Size, file.Size);
        }
    }
}
