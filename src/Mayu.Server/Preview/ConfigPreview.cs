using System.Collections.Concurrent;
using System.Collections.Immutable;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Core.Rendering;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.EtcdDiscovery;
using Mayu.Server.Files;
using Mayu.Server.Images;

namespace Mayu.Server.Preview;

/// <summary>
/// Renders what machines would be given, for who only looks: what is made at each installation is a placeholder, and so is each secret that is not
/// read. Safe for several threads.
/// </summary>
/// <param name="configuration">The configuration.</param>
/// <param name="secrets">The secrets, so that what is made of them is checked; null: none is read, since the config is shown.</param>
internal sealed class ConfigPreview(MayuConfiguration configuration, ISecretSource? secrets = null)
{
    /// <summary>Stands for the installation that a machine is about to begin.</summary>
    public const string InstallId = "INSTALL-ID";

    private static readonly Serial Example = Serial.TryParse("EXAMPLE-1", out var serial, out _) ? serial : throw new InvalidOperationException();

    private readonly ImageStore _images = new(configuration.ImagesDirectory);
    private readonly ConcurrentDictionary<string, (InstallImage Image, string? Problem)> _byProfile = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _unchecked = new(StringComparer.Ordinal);
    private readonly Provisioner _provisioner = new(
        new TemplateRenderer(new TemplateLibrary(TemplateFolder.Of(configuration.TemplatesDirectory), TemplateFolder.Of(configuration.SnippetsDirectory), FilesFolder.Of(configuration.FilesDirectory))),
        configuration.Provisioning(secrets, new DiscoveryUrls(configuration.EtcdDiscovery, tokens: null)));

    /// <summary>The configuration.</summary>
    public MayuConfiguration Configuration => configuration;

    /// <summary>
    /// A machine as the first of a profile will be, which nobody has. What its templates print of a single machine's facts may be missing on others.
    /// </summary>
    public Machine FirstOf(Profile profile) => new()
    {
        Serial = Example,
        State = MachineState.Configured,
        Uuid = new Guid("11111111-2222-3333-4444-555555555555"),
        Profile = profile.Name,
        Hostname = Hostname.FromSerial(Example),
        MachineId = new string('1', 32),
        InternalAddress = configuration.Cluster.InternalRange.Start,
        MacAddresses = [MacAddress.FromOctets([0x52, 0x54, 0, 0, 0, 1])],
        ConnectedNic = "eth0",
        BmcAddress = configuration.Cluster.InternalRange.Start,
        AdditionalAddresses = configuration.Cluster.ExtraNics.ToImmutableSortedDictionary(nic => nic.Name, nic => nic.Range.Start, StringComparer.Ordinal),
        Metadata = profile.Tags,
    };

    /// <summary>The keys of what was rendered so far whose values were not validated, since they hold a placeholder.</summary>
    public IEnumerable<string> Unchecked => _unchecked.Keys.Order(StringComparer.Ordinal);

    /// <summary>What is missing of a profile's image, as a sentence; null when nothing is.</summary>
    public string? ImageProblem(Profile profile) => ImageOf(profile).Problem;

    /// <summary>The files of a machine's config: one, or those of NoCloud.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="profile">Its profile.</param>
    public PreviewedConfig Config(Machine machine, Profile profile)
    {
        var unread = new UnreadSecrets();
        var config = Config(_provisioner.With(unread), machine with { InstallId = InstallId }, profile);
        foreach (var key in unread.Unchecked)
        {
            _unchecked[key] = true;
        }

        return config with { Unread = unread.Secrets };
    }

    private PreviewedConfig Config(Provisioner provisioner, Machine machine, Profile profile)
    {
        try
        {
            var image = ImageOf(profile).Image;
            if (profile.Provisioning == ProvisioningKind.CloudInit)
            {
                return new PreviewedConfig([.. provisioner.NoCloud(machine, profile, image, Provisioner.BootTokenPlaceholder).Files.Select(file => new PreviewedFile(file.Name, file.Text))]);
            }

            var config = provisioner.Config(machine, profile, image, bootToken: Provisioner.BootTokenPlaceholder);
            return new PreviewedConfig([new PreviewedFile(config.FileName, config.Text)]);
        }
        catch (TemplateException e)
        {
            return new PreviewedConfig([], e.Message) { MayBePlaceholder = e.MayBePlaceholder };
        }
    }

    /// <summary>The script that the discovery system runs, and the cloud-config that does the same.</summary>
    /// <param name="serial">The machine's serial; null: a machine that nobody has.</param>
    public IEnumerable<PreviewedConfig> FirstStage(Serial? serial = null)
    {
        yield return Try("first_stage_script.sh", () => _provisioner.FirstStageScript(serial ?? Example));
        yield return Try("first_stage.yaml", () => _provisioner.FirstStageCloudConfig(serial ?? Example));
    }

    private static PreviewedConfig Try(string name, Func<string> render)
    {
        try
        {
            return new PreviewedConfig([new PreviewedFile(name, render())]);
        }
        catch (TemplateException e)
        {
            return new PreviewedConfig([], e.Message);
        }
    }

    // Where images are on the server alone, configs can be looked at all the same.
    private (InstallImage Image, string? Problem) ImageOf(Profile profile) => _byProfile.GetOrAdd(profile.Name, _ =>
    {
        try
        {
            return (_images.ImageOf(profile), null);
        }
        catch (ImageMissingException e)
        {
            return (new InstallImage(profile.Image, profile.Image, 0, ""), e.Message);
        }
    });
}
