using System.Globalization;
using System.Text;

namespace Mayu.Server.BootScripts;

/// <summary>
/// A cpio archive in the format "newc", which Linux takes as an initial RAM disk (Documentation/driver-api/early-userspace/buffer-format.rst): files that
/// root alone reads, and their folders.
/// </summary>
internal static class CpioArchive
{
    // What follows it may be compressed or not, and begins at a multiple of this.
    private const int Block = 512;
    private const int FileMode = 0x8000 | 0x180;        // a regular file, 0600
    private const int FolderMode = 0x4000 | 0x1ED;      // a folder, 0755

    /// <summary>The archive.</summary>
    /// <param name="files">Paths without leading slash, and what is in the files.</param>
    public static byte[] Of(IReadOnlyList<(string Path, byte[] Content)> files)
    {
        using var archive = new MemoryStream();
        var (number, folders) = (1, new HashSet<string>(StringComparer.Ordinal));
        foreach (var (path, content) in files)
        {
            for (var slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1))
            {
                if (folders.Add(path[..slash]))
                {
                    Append(archive, number++, path[..slash], FolderMode, []);
                }
            }

            Append(archive, number++, path, FileMode, content);
        }

        Append(archive, 0, "TRAILER!!!", 0, []);
        Pad(archive, Block);
        return archive.ToArray();
    }

    private static void Append(MemoryStream archive, int inode, string name, int mode, byte[] content)
    {
        // Magic; inode, mode, owner, group, links, time, size, four numbers of devices, length of the name with its end, checksum.
        int[] fields = [inode, mode, 0, 0, 1, 0, content.Length, 0, 0, 0, 0, name.Length + 1, 0];
        var header = new StringBuilder("070701");
        foreach (var field in fields)
        {
            header.Append(field.ToString("X8", CultureInfo.InvariantCulture));
        }

        archive.Write(Encoding.ASCII.GetBytes(header.Append(name).Append('\0').ToString()));
        Pad(archive, 4);
        archive.Write(content);
        Pad(archive, 4);
    }

    private static void Pad(MemoryStream archive, int multiple)
    {
        while (archive.Length % multiple != 0)
        {
            archive.WriteByte(0);
        }
    }
}
