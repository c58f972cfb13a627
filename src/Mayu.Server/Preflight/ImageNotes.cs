using Mayu.Core.Addresses;
using Mayu.Core.Profiles;
using Mayu.Server.Configuration;

namespace Mayu.Server.Preflight;

/// <summary>Says what an image has to contain for this configuration. Mayu does not look into images, so none of it is known to be missing.</summary>
/// <param name="configuration">The configuration.</param>
internal sealed class ImageNotes(MayuConfiguration configuration)
{
    /// <summary>The key that each is about, and a sentence with what to do.</summary>
    public IEnumerable<(string Key, string Note)> All()
    {
        var profiles = configuration.Cluster.Profiles.Where(profile => profile.Provisioning == ProvisioningKind.CloudInit).Select(profile => profile.Name).ToList();
        return profiles.Count == 0 ? [] :
            from nic in Nics()
            let kind = KindOf(nic.Model)
            where kind is not null
            select (nic.Key, $"{(profiles.Count == 1 ? "profile" : "profiles")} {string.Join(", ", profiles)}: {nic.Name} is a {kind}, so with provisioning: cloud-init the image should contain netplan; "
                + "cloud-init itself writes no bonds, bridges and VLANs for systemd-networkd, and not all of them for ifupdown and NetworkManager (docs/templates.md, \"Set up machines with cloud-init\")");
    }

    private IEnumerable<(string Key, string Name, NicModel Model)> Nics() =>
        configuration.Cluster.ExtraNics.Select(nic => ("network.extra_nics", nic.Name, nic.Model)).Prepend(("network.model", "the primary interface", configuration.Netboot.Network.Model));

    private static string? KindOf(NicModel model) => (model.Kind, model.VlanId) switch
    {
        (NicKind.Bond, null) => "bond",
        (NicKind.Bond, _) => "bond with a VLAN",
        (NicKind.Bridge, null) => "bridge",
        (NicKind.Bridge, _) => "bridge with a VLAN",
        (_, null) => null,
        _ => "VLAN",
    };
}
