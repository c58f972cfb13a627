
using Mayu.Netboot.Loaders;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// What dnsmasq's TFTP serves: it knows one folder, so there is one with links to what stands in <c>tftp_root</c>, and to the boot loaders of
/// Debian's packages that are not there.
/// </summary>
/// <param name="folder">The folder of links.</param>
/// <param name="root">The operator's folder; null for none.</param>
/// <param name="loaders">The boot loaders that machines are told.</param>
internal sealed class TftpLinks(string folder, string? root, IReadOnlyCollection<string> loaders)
{
    private DateTime _seen;
    private DateTime _made;

    /// <summary>Makes the links anew when something came into the operator's folder, or left it, or was changed here. What is below its folders needs no link.</summary>
    /// <exception cref="IOException">A link cannot be made.</exception>
    public void Refresh()
    {
        var changed = root is null ? DateTime.UnixEpoch : Directory.GetLastWriteTimeUtc(root);
        if (changed == _seen && Directory.GetLastWriteTimeUtc(folder) == _made)
        {
            return;
        }

        var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var loader in loaders.Where(name => !name.Contains('/', StringComparison.Ordinal)))
        {
            if (LoaderFiles.PlacesOf(loader).FirstOrDefault(File.Exists) is { } packaged)
            {
                wanted[loader] = packaged;
            }
        }

        if (root is not null && Directory.Exists(root))
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(root))
            {
                wanted[Path.GetFileName(entry)] = Path.GetFullPath(entry);
            }
        }

        foreach (var link in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(link => link.LinkTarget is not null))
        {
            if (!wanted.Remove(link.Name, out var target) || link.LinkTarget != target)
            {
                link.Delete();
                if (target is not null)
                {
                    wanted[link.Name] = target;
                }
            }
        }

        foreach (var (name, target) in wanted)
        {
            File.CreateSymbolicLink(Path.Combine(folder, name), target);
        }

        (_seen, _made) = (changed, Directory.GetLastWriteTimeUtc(folder));
    }
}
