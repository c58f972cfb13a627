using System.Text;
using Mayu.Netboot.Files;
using Mayu.Netboot.Loaders;
using Mayu.Primitives;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mayu.Server.BootHttp;

/// <summary>
/// <c>GET /loaders/NAME</c>: what TFTP serves under that name, for UEFI HTTP boot and for loaders that speak HTTP. EDK2 asks with HEAD
/// first and wants the length; it knows a loader by its type or its ending.
/// </summary>
internal sealed class LoaderEndpoint(BootContext boot)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(LoaderName.Prefix + "{**name}", Answer);

    private Results<FileAnswer, Problem> Answer(LoaderName asked, HttpPeer peer)
    {
        if (!boot.Files.TryOpen(Encoding.ASCII.GetBytes(asked.Text), peer.Address ?? default, out var file, out _, out var message, isServed: !peer.IsHead))
        {
            return new Problem(StatusCodes.Status404NotFound, "No such file", $"{TokenText.Hide(asked.Text)}: {message}.");
        }

        var contentType = file.Name.EndsWith(".efi", StringComparison.OrdinalIgnoreCase) ? "application/efi" : "application/octet-stream";
        return new FileAnswer(SentFile.Of(file), contentType, (bytes, total) =>
        {
            if (bytes == total && boot.MacOf(peer) is { } mac)
            {
                boot.Trace.Mark(mac, BootFileHops.HopOf(file.Name), $"{file.Name} by HTTP", bytes, total);
            }
        });
    }
}

/// <summary>What is asked for below <c>/loaders/</c>, as it stood on the wire, for so TFTP has it: serials in names are encoded, and are decoded once.</summary>
internal sealed record LoaderName(string Text)
{
    public const string Prefix = $"/{LoaderPaths.Http}/";

    public static ValueTask<LoaderName?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<LoaderName?>(new(PathSegment.RawPath(context) is var path && path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : ""));
}
