using System.Collections.Concurrent;
using System.Text.Json;
using Mayu.Core.Json;
using Mayu.Core.Profiles;
using Mayu.Linux.Files;
using Mayu.Netboot.Files;
using Mayu.Primitives;

namespace Mayu.Server.Images;

/// <summary>Finds the files of images: <c>&lt;images_dir&gt;/&lt;image&gt;/&lt;file&gt;</c>.</summary>
internal sealed class ImageStore(string directory)
{
    public const string Kernel = BootFileHops.Kernel;
    public const string Initrd = BootFileHops.Initrd;
    public const string DiskImage = "install_image.bin.gz";

    /// <summary>The first Mayu's; only templates of an operator ask for it.</summary>
    public const string OldDiskImage = "install_image.bin.bz2";

    /// <summary>Behind the name of a file: the file with its checksum, as <c>sha256sum</c> writes it.</summary>
    public const string Checksum = ".sha256";

    public const string Manifest = "image.json";

    private const int MaxManifestBytes = 64 * 1024;

    /// <summary>A kernel and a file system for virtual machines: the first Mayu's.</summary>
    public static IReadOnlyList<string> QemuFiles { get; } = ["qemu/coreos_production_qemu.vmlinuz", "qemu/coreos_production_qemu_usr_image.squashfs"];

    // Of as many images as profiles name.
    private readonly ConcurrentDictionary<string, (FileStamp Stamp, InstallImage Image)> _known = new(StringComparer.Ordinal);

    /// <summary>Path of a file of an image, which is checked to be there and to be readable.</summary>
    /// <param name="image">A name that the configuration accepted.</param>
    /// <param name="file">One of the file names above.</param>
    /// <exception cref="ImageMissingException">There is no such image, or it lacks the file, or permissions keep the server from it.</exception>
    public string PathOf(string image, string file)
    {
        var path = Path.Combine(directory, image, file);
        if (ClosedPath.IsReadable(path) && File.Exists(path))
        {
            return path;
        }

        if (ClosedPath.Advise(path) is { } closed)
        {
            throw new ImageMissingException($"image \"{image}\" cannot be used: {closed}");
        }

        throw new ImageMissingException(Directory.Exists(Path.Combine(directory, image))
            ? $"image \"{image}\" lacks the file {path}"
            : $"image \"{image}\" is missing: there is no folder {Path.Combine(directory, image)}");
    }

    /// <summary>Path of a file of an image, which may be closed to the server; null where there is none.</summary>
    public string? Find(string image, string file)
    {
        var path = Path.GetFullPath(Path.Combine(directory, image, file));
        return File.Exists(path) || ClosedPath.Of(path) is not null ? path : null;
    }

    /// <summary>What an install needs to know of an image's disk.</summary>
    /// <exception cref="ImageMissingException">The image, its disk or its manifest is missing or malformed.</exception>
    public InstallImage InstallImage(string image)
    {
        PathOf(image, DiskImage);
        if (_known.TryGetValue(image, out var known) && FileStamp.TryRead(Path.Combine(directory, image, Manifest), out var now) && known.Stamp == now)
        {
            return known.Image;
        }

        var manifestPath = PathOf(image, Manifest);
        using var file = Open(manifestPath, out var stamp);

        // Asked before it is read: what is written meanwhile has a newer stamp.
        var isSettled = stamp.IsSettled;
        var manifest = Read(manifestPath, file);
        if (manifest?.Disk is not { Size: > 0, Sha256.Length: 64 } disk || !disk.Sha256.All(char.IsAsciiHexDigitLower))
        {
            throw new ImageMissingException($"{manifestPath} is not a manifest of a disk image: it needs disk.size in bytes and disk.sha256 in lower-case hex");
        }

        var read = new InstallImage(image, manifest.Version ?? image, disk.Size, disk.Sha256);
        if (isSettled)
        {
            _known[image] = (stamp, read);
        }

        return read;
    }

    /// <summary>What of its image a profile needs; checked to be there.</summary>
    /// <exception cref="ImageMissingException">A part of it is missing.</exception>
    public InstallImage ImageOf(Profile profile)
    {
        if (profile.Mode == ProfileMode.Install)
        {
            return InstallImage(profile.Image);
        }

        PathOf(profile.Image, Kernel);
        PathOf(profile.Image, Initrd);
        return new InstallImage(profile.Image, profile.Image, 0, "");
    }

    private static FileStream Open(string path, out FileStamp stamp)
    {
        try
        {
            return BoundedFile.OpenRegular(path, out stamp) ?? throw new ImageMissingException($"{path} cannot be read: {BoundedFile.NotRegular}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageMissingException($"{path} cannot be read: {e.Reason()}");
        }
    }

    private static ImageManifest? Read(string path, FileStream file)
    {
        try
        {
            return BoundedFile.TryReadBytes(file, MaxManifestBytes, out var bytes) is { } tooLong
                ? throw new ImageMissingException($"{path} cannot be read: {tooLong}")
                : BoundedJson.Value(bytes, ImageJsonContext.Default.ImageManifest, MaxManifestBytes);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ImageMissingException($"{path} cannot be read: {BoundedJson.Describe(e)}");
        }
    }
}

/// <summary>An image, or a part of it, is not there. The message names it.</summary>
internal sealed class ImageMissingException(string message) : Exception(message);
