using Microsoft.AspNetCore.Http.Metadata;

namespace Mayu.Server.Http;

/// <summary>Says of a route that it answers a text.</summary>
internal static class ProducedText
{
    public const string PlainType = "text/plain; charset=utf-8";

    /// <summary>Plain text.</summary>
    public static IProducesResponseTypeMetadata Plain(int status) => Of("text/plain", status);

    /// <summary>Text of a media type.</summary>
    public static IProducesResponseTypeMetadata Of(string type, int status = StatusCodes.Status200OK) => new ProducesResponseTypeMetadata(status, typeof(string), [type]);
}
