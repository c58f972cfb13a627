using System.Collections.Immutable;
using Mayu.Netboot.Loaders;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Dhcp;

/// <summary>Which boot file a client is told: the boot answer in the language of DHCP. Safe from any thread.</summary>
/// <param name="settings">Loaders and quirks.</param>
/// <param name="bootUrl">The boot listener.</param>
internal sealed class BootFileChoice(PxeSettings settings, string bootUrl)
{
    private const int MostRefusals = 256;

    // Every file that it may choose is made beforehand.
    private readonly LoaderTable _loaders = LoaderTable.Make(settings, bootUrl);
    private readonly ImmutableArray<(PxeQuirk Quirk, LoaderTable Loaders)> _quirks =
        [.. settings.AllQuirks.Select(quirk => (quirk, LoaderTable.Make(settings, bootUrl, quirk)))];

    private readonly Dictionary<int, string> _refusals = [];

    /// <summary>The file for a client that speaks BOOTP, which has no options: it is taken for a BIOS.</summary>
    public BootFile? ForBootp => _loaders.Files.GetValueOrDefault(ClientArchitecture.BiosX86);

    /// <summary>Chooses.</summary>
    /// <param name="mac">The client.</param>
    /// <param name="client">What it says of itself.</param>
    /// <param name="file">What it is to load; null for a client that wants nothing.</param>
    /// <param name="refusal">Why there is nothing for a client that wants something; null otherwise.</param>
    public bool TryChoose(MacAddress mac, in PxeClientInfo client, out BootFile? file, out string? refusal)
    {
        (file, refusal) = (null, null);
        if (client.Kind == PxeClientKind.Plain)
        {
            return true;
        }

        var (quirk, loaders) = QuirkOf(mac, client);
        // Firmware that names no architecture is a BIOS from before RFC 4578, which knew no HTTP.
        var told = quirk?.Treat ?? client.Architecture ?? client.Kind switch
        {
            PxeClientKind.HttpBoot => ClientArchitecture.UefiX64Http,
            // Its script is for any architecture.
            PxeClientKind.UBoot => ClientArchitecture.UBootArm64,
            _ => ClientArchitecture.BiosX86,
        };
        var architecture = client.Kind == PxeClientKind.HttpBoot ? ClientArchitectureName.OverHttp(told) : ClientArchitectureName.OverTftp(told);
        var isThere = loaders.TryGet(architecture, out file);

        // An iPXE that UEFI HTTP boot loaded still says HTTPClient: what it is counts before what it says. One that lacks HTTP loads the
        // full iPXE first, as firmware does; and where the configuration wants another loader, a card's iPXE is firmware too. It was
        // never sent by us there, so it does not go round.
        if (client.IsCapableIpxe && file is not { Loader: not BootLoader.Ipxe })
        {
            file = loaders.Script;
            return true;
        }

        if (!isThere)
        {
            lock (_refusals)
            {
                refusal = RefusalOf(architecture);
            }
        }

        return isThere;
    }

    /// <summary>What is said of an architecture that there is no loader for.</summary>
    public static string Refusal(ClientArchitecture architecture) =>
        $"there is no boot loader for its architecture {(ushort)architecture} ({ClientArchitectureName.Of(architecture)})";

    // Made once: firmware that is refused asks for minutes, and who makes architectures up makes no words any more when there are many.
    private string RefusalOf(ClientArchitecture architecture)
    {
        if (_refusals.TryGetValue((int)architecture, out var known))
        {
            return known;
        }

        if (_refusals.Count >= MostRefusals && !Enum.IsDefined(architecture))
        {
            return "there is no boot loader for its architecture, which does not exist";
        }

        var text = Refusal(architecture);
        _refusals.Add((int)architecture, text);
        return text;
    }

    private (PxeQuirk? Quirk, LoaderTable Loaders) QuirkOf(MacAddress mac, in PxeClientInfo client)
    {
        foreach (var (quirk, loaders) in _quirks)
        {
            if (quirk.Fits(mac, client))
            {
                return (quirk, loaders);
            }
        }

        return (null, _loaders);
    }
}
