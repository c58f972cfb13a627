using System.Buffers;
using System.Text;
using Mayu.Core.Addresses;
using Mayu.Server.BootHttp;
using Mayu.Server.Loaders;
using Mayu.Server.Tftp;
using Microsoft.AspNetCore.Http.Features;

namespace Mayu.Server.BootScripts;

/// <summary>
/// <c>GET /loaders/NAME</c>: what TFTP serves under that name, for UEFI HTTP boot and for loaders that speak HTTP. EDK2 asks with HEAD
/// first and wants the length; it knows a loader by its type or its ending.
/// </summary>
internal static class LoaderEndpoint
{
    private const string Prefix = $"/{LoaderPaths.Http}/";
    private const int BufferSize = 128 * 1024;

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
            context.Response.Headers.CacheControl = "no-store";
            context.Response.ContentLength = file.Size;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await SendAsync(context, file);
                Mark(boot, client, file);
            }
        }
    }

    private static async Task SendAsync(HttpContext context, TftpFile file)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (long sent = 0; sent < file.Size;)
            {
                var piece = buffer.AsMemory(0, (int)Math.Min(BufferSize, file.Size - sent));
                if (!file.TryRead(piece.Span, sent))
                {
                    // Cut short under our hands: the client must see that it did not get all.
                    context.Abort();
                    return;
                }

                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
                sent += piece.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Mark(BootContext boot, Ipv4 client, TftpFile file)
    {
        if (boot.Addresses.Find(client) is { } mac)
        {
            boot.Trace.Mark(mac, LoaderFiles.HopOf(file.Name), $"{file.Name} by HTTP", file.Size, file.Size);
        }
    }
}
