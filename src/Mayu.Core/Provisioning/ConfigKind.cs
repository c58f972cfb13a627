using Mayu.Core.Profiles;

namespace Mayu.Core.Provisioning;

/// <summary>What follows from the language of a provisioning config.</summary>
/// <param name="Kind">The language.</param>
/// <param name="Folder">The folder of its templates.</param>
/// <param name="Ending">How the names of its templates end.</param>
/// <param name="FileName">What the config is called beside an image.</param>
/// <param name="ContentType">Its media type.</param>
public sealed record ConfigKind(ProvisioningKind Kind, string Folder, string Ending, string FileName, string ContentType)
{
    private static readonly ConfigKind Ignition = new(ProvisioningKind.Ignition, "ignition", ".yaml", "config.ign", "application/vnd.coreos.ignition+json");
    private static readonly ConfigKind CloudConfig = new(ProvisioningKind.CloudConfig, "cloudconfig", ".yaml", "config.yaml", "text/cloud-config");
    private static readonly ConfigKind CloudInit = new(ProvisioningKind.CloudInit, "cloudinit", ".yaml", "user-data", "text/cloud-config");

    /// <summary>What it has to be.</summary>
    internal OutputCheck Check { get; } = Kind switch
    {
        ProvisioningKind.Ignition => OutputCheck.Ignition,
        ProvisioningKind.CloudConfig => OutputCheck.CloudConfig,
        ProvisioningKind.CloudInit => OutputCheck.UserData,
        _ => OutputCheck.None,
    };

    /// <summary>Of a profile's config.</summary>
    public static ConfigKind Of(Profile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile.Provisioning switch
        {
            ProvisioningKind.CloudConfig => CloudConfig,
            ProvisioningKind.CloudInit => CloudInit,
            ProvisioningKind.Generic => new(ProvisioningKind.Generic, "generic", "", "config", TypeOf(Path.GetExtension(profile.Template))),
            _ => Ignition,
        };
    }

    // By the template's ending, which says what it prints.
    private static string TypeOf(string ending) => ending switch
    {
        ".json" => "application/json",
        ".xml" => "application/xml",
        ".yaml" or ".yml" => "application/yaml",
        ".sh" => "text/x-shellscript; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
}
