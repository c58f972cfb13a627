using System.Reflection;
using Mayu.Primitives;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Mayu.Server.Http;

/// <summary>The segment <c>{name}</c> of a path.</summary>
internal sealed class NameSegment(string name) : RequestPart<string>(name, problem: null), IEndpointParameterMetadataProvider
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(RequestParameter.OfText(RequestParameter.Path, "name", "The name of the variable, the token, the image, the profile or the webhook.", "swap_size"));

    public static ValueTask<NameSegment?> BindAsync(HttpContext context) => ValueTask.FromResult<NameSegment?>(new(PathSegment.Read(context, "name") ?? ""));
}

/// <summary>The segment <c>{serial}</c> of a path.</summary>
internal sealed class SerialSegment(Serial serial, Problem? problem) : RequestPart<Serial>(serial, problem), IEndpointParameterMetadataProvider
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(RequestParameter.OfText(RequestParameter.Path, "serial", "The machine's serial.", "vm-001"));

    public static ValueTask<SerialSegment?> BindAsync(HttpContext context) => ValueTask.FromResult<SerialSegment?>(
        !UrlText.IsUtf8(PathSegment.RawPath(context)) ? new(default, No("it is not UTF-8"))
        : Serial.TryParse(PathSegment.Read(context, "serial"), out var serial, out var refusal) ? new(serial, problem: null)
        : new(default, No(refusal)));

    private static Problem No(string refusal) => new(StatusCodes.Status400BadRequest, "No serial", $"The serial in the path is not valid: {refusal}.");
}

/// <summary>Reads segments of a path.</summary>
internal static class PathSegment
{
    /// <summary>A segment of the path, decoded.</summary>
    /// <remarks>
    /// The web server decodes a path but for %2F, which would divide it. Vendors write slashes into serials (/0001/CN7016…),
    /// so the segment is decoded from what stood on the wire.
    /// </remarks>
    public static string? Read(HttpContext context, string name)
    {
        const string Slash = "%2F";
        var routeValue = (string?)context.Request.RouteValues[name];
        if (routeValue is null || !routeValue.Contains(Slash, StringComparison.OrdinalIgnoreCase))
        {
            return routeValue;
        }

        var segment = Array.Find(RawPath(context).Split('/'), raw =>
            Uri.UnescapeDataString(raw.Replace(Slash, "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal)) == routeValue);
        return segment is null ? routeValue : Uri.UnescapeDataString(segment);
    }

    /// <summary>The path as it stood on the wire.</summary>
    public static string RawPath(HttpContext context) => PathOf(context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "").Split('?')[0];

    // A target may name scheme and host before its path (RFC 9112 §3.2.2).
    private static string PathOf(string target)
    {
        const string Authority = "://";
        return target.StartsWith('/') || target.IndexOf(Authority, StringComparison.Ordinal) is not (>= 0 and var scheme) ? target
            : target.IndexOf('/', scheme + Authority.Length) is >= 0 and var path ? target[path..]
            : "/";
    }
}
