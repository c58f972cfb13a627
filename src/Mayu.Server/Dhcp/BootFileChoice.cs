using Mayu.Protocols.Pxe;

namespace Mayu.Server.Dhcp;

/// <summary>Which boot file a client is told: the boot answer in the language of DHCP.</summary>
internal sealed class BootFileChoice(DhcpSettings settings)
{
    private readonly BootFile _script = new(settings.ScriptUrl);

    /// <summary>Chooses.</summary>
    /// <param name="client">The client.</param>
    /// <param name="file">What it is to load; null for a client that wants nothing.</param>
    /// <param name="refusal">Why there is nothing for a client that wants something; null otherwise.</param>
    public bool TryChoose(in PxeClientInfo client, out BootFile? file, out string? refusal)
    {
        (file, refusal) = client.Kind switch
        {
            PxeClientKind.Plain => (null, null),
            PxeClientKind.HttpBoot => (null, "UEFI HTTP boot is not served; PXE is"),
            PxeClientKind.Ipxe when client.IsCapableIpxe => (_script, null),
            // A ROM whose iPXE lacks HTTP loads the full iPXE first, as firmware does. Firmware that names no architecture
            // is a BIOS from before RFC 4578.
            _ => ForArchitecture(client.Architecture ?? ClientArchitecture.BiosX86),
        };
        return refusal is null;
    }

    private (BootFile? File, string? Refusal) ForArchitecture(ClientArchitecture architecture) =>
        settings.BootFiles.TryGetValue(architecture, out var file)
            ? (file, null)
            : (null, $"there is no boot loader for its architecture {(ushort)architecture} ({architecture})");
}
