using System.Collections.Immutable;
using System.Globalization;
using Mayu.Netboot.Loaders;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>One boot file, for the architectures that share it, by the tag that such clients get.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Quirk">The place of the quirk whose file it is; null: it is the usual one.</param>
/// <param name="Architectures">Numbers of option 93. Firmware may say the architecture of one way and boot the other way: both are here.</param>
/// <param name="Sample">One of the architectures, by which the table of another link has the file.</param>
/// <param name="File">The file of the main link.</param>
internal sealed record DnsmasqBootFile(string Tag, int? Quirk, ImmutableArray<int> Architectures, ClientArchitecture Sample, BootFile File)
{
    /// <summary>Every file that the settings mean.</summary>
    /// <param name="pxe">Loaders and quirks.</param>
    /// <param name="bootUrl">The boot listener.</param>
    public static ImmutableArray<DnsmasqBootFile> All(PxeSettings pxe, string bootUrl)
    {
        var quirks = Enumerable.Range(0, pxe.AllQuirks.Length).Where(i => pxe.AllQuirks[i].File is not null).Select(i => (int?)i).Prepend(null);
        return
        [
            .. quirks
                .SelectMany(quirk => Table(pxe, bootUrl, quirk).OrderBy(entry => entry.Key)
                    .GroupBy(entry => (entry.Value.Name, entry.Value.IsHttpBoot, entry.Value.Loader, entry.Value.PathPrefix))
                    .Select(group => (quirk, files: group.ToList())))
                .Select((one, number) => new DnsmasqBootFile(
                    string.Create(CultureInfo.InvariantCulture, $"file-{number}"),
                    one.quirk,
                    [.. one.files.SelectMany(file => Numbers(file.Key)).Distinct().Order()],
                    one.files[0].Key,
                    one.files[0].Value)),
        ];
    }

    /// <summary>The same files as clients of another link are told them.</summary>
    /// <param name="files">The files.</param>
    /// <param name="pxe">Loaders and quirks.</param>
    /// <param name="bootUrl">The boot listener of that link.</param>
    public static IEnumerable<(string Tag, BootFile File)> On(IEnumerable<DnsmasqBootFile> files, PxeSettings pxe, string bootUrl) => files
        .GroupBy(file => file.Quirk)
        .Select(group => (group, table: Table(pxe, bootUrl, group.Key)))
        .SelectMany(pair => pair.group.Select(file => (file.Tag, pair.table[file.Sample])));

    /// <summary>An architecture of option 93, and the same firmware's when it boots the other way.</summary>
    public static IEnumerable<int> Numbers(ClientArchitecture architecture) =>
        [(ushort)ClientArchitectureName.OverTftp(architecture), (ushort)ClientArchitectureName.OverHttp(architecture)];

    private static IReadOnlyDictionary<ClientArchitecture, BootFile> Table(PxeSettings pxe, string bootUrl, int? quirk) =>
        LoaderTable.Make(pxe, bootUrl, quirk is { } place ? pxe.AllQuirks[place] : null).Files;
}
