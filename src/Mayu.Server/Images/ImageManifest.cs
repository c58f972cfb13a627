using System.Text.Json.Serialization;

namespace Mayu.Server.Images;

/// <summary>What stands in an image's <c>image.json</c>.</summary>
/// <param name="Version">The version of the operating system.</param>
/// <param name="Disk">Its disk image; null for images that only boot from RAM.</param>
internal sealed record ImageManifest(string? Version, ImageManifest.DiskPart? Disk)
{
    /// <param name="File">File name.</param>
    /// <param name="Size">Bytes on the disk, uncompressed.</param>
    /// <param name="Sha256">SHA-256 of the compressed file.</param>
    internal sealed record DiskPart(string? File, long Size, string Sha256);
}

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ImageManifest))]
internal sealed partial class ImageJsonContext : JsonSerializerContext;
