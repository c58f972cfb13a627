using System.Collections.Frozen;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// Which quirk a client has, dnsmasq finds out and tells by a tag in its log; our own TFTP, which serves such a client, is told here how large its
/// blocks may be.
/// </summary>
/// <param name="pxe">The quirks.</param>
/// <param name="clients">Where TFTP looks.</param>
internal sealed class TaggedBlockSizes(PxeSettings pxe, ClientTable clients)
{
    private readonly FrozenDictionary<string, int> _byTag = pxe.AllQuirks
        .Select((quirk, place) => (Tag: DnsmasqConfiguration.TagOfQuirk(place), quirk.MaximumBlockSize))
        .Where(one => one.MaximumBlockSize is not null)
        .ToFrozenDictionary(one => one.Tag, one => one.MaximumBlockSize!.Value, StringComparer.Ordinal);

    /// <summary>A client has these tags.</summary>
    /// <param name="mac">The client.</param>
    /// <param name="tags">Separated by commas and spaces. One of them a client may have chosen (the file name of BOOTP): it speaks for itself alone.</param>
    public void Note(MacAddress mac, string tags)
    {
        if (_byTag.Count == 0)
        {
            return;
        }

        foreach (var tag in tags.Split(',', StringSplitOptions.TrimEntries))
        {
            if (_byTag.TryGetValue(tag, out var size))
            {
                clients.LimitBlockSize(mac, size);
                return;
            }
        }
    }
}
