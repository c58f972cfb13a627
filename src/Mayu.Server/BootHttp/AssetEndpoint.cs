using System.Text;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mayu.Server.BootHttp;

/// <summary>
/// The files of <c>assets_dir</c>, for everybody on the boot networks: <c>GET /fileserver/NAME</c>, and <c>GET /yochu/NAME</c> for those in its folder
/// <c>yochu</c>. The paths are the first Mayu's.
/// </summary>
internal sealed class AssetEndpoint(BootContext boot)
{
    private static readonly (string Path, string Folder)[] Places = [("/fileserver/", ""), ("/yochu/", "yochu/")];

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, folder) in Places)
        {
            routes.MapGet(path + "{**name}", (AssetName asked, HttpPeer peer) => Answer(folder + asked.Text, peer));
        }
    }

    private Results<FileAnswer, Problem> Answer(string name, HttpPeer peer) =>
        boot.Assets.TryOpen(Encoding.UTF8.GetBytes(name), peer.Address ?? default, out var file, out _, out var message, isServed: !peer.IsHead)
            ? new FileAnswer(SentFile.Of(file), "application/octet-stream", static (_, _) => { })
            : new Problem(StatusCodes.Status404NotFound, "No such file", $"assets_dir has no file of this name: {message}.");
}

/// <summary>What is asked for below the first folder of the path, decoded.</summary>
internal sealed record AssetName(string Text)
{
    public static ValueTask<AssetName?> BindAsync(HttpContext context)
    {
        var path = PathSegment.RawPath(context);
        return ValueTask.FromResult<AssetName?>(new(Uri.UnescapeDataString(path[(path.IndexOf('/', 1) + 1)..])));
    }
}
