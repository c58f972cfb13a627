using Mayu.Core.Profiles;
using Mayu.Linux.Files;

namespace Mayu.Server.Images;

/// <summary>The images that there are, and those that should be: what each has, and what its uses miss.</summary>
/// <param name="directory">The folder of images.</param>
/// <param name="store">Finds their files.</param>
internal sealed class ImageCatalog(string directory, ImageStore store)
{
    /// <summary>How many images are looked at.</summary>
    public const int MaxImages = 1000;

    private static readonly (string Name, string Kind)[] Known =
    [
        (ImageStore.Kernel, "kernel"), (ImageStore.Initrd, "initrd"), (ImageStore.DiskImage, "disk"), (ImageStore.Checksum, "checksum"), (ImageStore.Manifest, "manifest"),
    ];

    /// <summary>All images by name: the folders that there are, and what is in use without one.</summary>
    /// <param name="profiles">The profiles of the configuration.</param>
    /// <param name="discovery">The image that unknown and installing machines boot.</param>
    public IEnumerable<CatalogedImage> All(IReadOnlyList<Profile> profiles, string discovery) =>
        Folders().Concat(profiles.Select(profile => profile.Image)).Append(discovery).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => Of(name, [.. profiles.Where(profile => profile.Image == name)], isDiscovery: name == discovery));

    /// <summary>One image; null where there is none of that name, and nothing uses one.</summary>
    /// <inheritdoc cref="All"/>
    public CatalogedImage? Find(string name, IReadOnlyList<Profile> profiles, string discovery) => All(profiles, discovery).FirstOrDefault(image => image.Name == name);

    private IEnumerable<string> Folders()
    {
        try
        {
            // A hidden folder is one that is being written.
            return [.. Directory.EnumerateDirectories(directory).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.')).Take(MaxImages)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What it is in the way of is told of each image that is in use.
            return [];
        }
    }

    private CatalogedImage Of(string name, IReadOnlyList<Profile> profiles, bool isDiscovery)
    {
        List<ImageFilePart> files = [.. Known.Select(file => PartOf(name, file.Name, file.Kind)).OfType<ImageFilePart>()];
        List<Func<InstallImage?>> uses = [.. profiles.Select(profile => (Func<InstallImage?>)(() => store.ImageOf(profile)))];
        if (isDiscovery)
        {
            uses.Add(() => Bootable(name));
        }

        var tried = uses.ConvertAll(Try);
        if (tried.Count == 0)
        {
            // It is as good as whatever it can be used for.
            (InstallImage? Image, string? Problem)[] either = [Try(() => store.InstallImage(name)), Try(() => Bootable(name))];
            tried = [.. either.Where(one => one.Problem is null)];
            if (tried.Count == 0)
            {
                var hasDisk = files.Exists(file => file.Kind is "disk" or "manifest");
                tried = [hasDisk || !files.Exists(file => file.Kind is "kernel" or "initrd") ? either[0] : either[1]];
            }
        }

        return new CatalogedImage(name, files, [.. profiles.Select(profile => profile.Name)], isDiscovery)
        {
            Architecture = files.Exists(file => file.Kind == "kernel") ? ArchitectureOf(Path.Combine(directory, name, ImageStore.Kernel)) : null,
            Disk = files.Exists(file => file.Kind == "disk") ? tried.Select(one => one.Image).FirstOrDefault(image => image is { SizeBytes: > 0 }) ?? Try(() => store.InstallImage(name)).Image : null,
            Problems = [.. tried.Select(one => one.Problem).OfType<string>().Distinct(StringComparer.Ordinal)],
        };
    }

    private InstallImage? Bootable(string name)
    {
        store.PathOf(name, ImageStore.Kernel);
        store.PathOf(name, ImageStore.Initrd);
        return null;
    }

    private static (InstallImage? Image, string? Problem) Try(Func<InstallImage?> look)
    {
        try
        {
            return (look(), null);
        }
        catch (ImageMissingException e)
        {
            return (null, e.Message);
        }
    }

    private ImageFilePart? PartOf(string image, string file, string kind)
    {
        var found = new FileInfo(Path.Combine(directory, image, file));
        return found.Exists ? new ImageFilePart(file, kind, found.Length) : null;
    }

    private static string? ArchitectureOf(string kernel)
    {
        try
        {
            using var file = BoundedFile.OpenRegular(kernel, out _);
            var head = new byte[KernelArchitecture.HeadLength];
            return file is null ? null : KernelArchitecture.Of(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Why it cannot be read is told of its uses.
            return null;
        }
    }
}

/// <summary>An image, and what uses it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Files">Its files that are known, those that are there.</param>
/// <param name="Profiles">The profiles that have it.</param>
/// <param name="IsDiscovery">Whether machines are discovered with it.</param>
internal sealed record CatalogedImage(string Name, IReadOnlyList<ImageFilePart> Files, IReadOnlyList<string> Profiles, bool IsDiscovery)
{
    /// <summary>What its kernel is for; null where that is not known.</summary>
    public string? Architecture { get; init; }

    /// <summary>Its disk image; null where it has none that can be used.</summary>
    public InstallImage? Disk { get; init; }

    /// <summary>What its uses miss, each a sentence.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>A file of an image.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Its length in bytes.</param>
internal sealed record ImageFilePart(string Name, string Kind, long Length);
