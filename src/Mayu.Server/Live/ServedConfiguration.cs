using Mayu.Core.Provisioning;
using Mayu.Server.Configuration;
using Mayu.Server.EtcdDiscovery;
using Mayu.Server.Files;
using Mayu.Server.Images;

namespace Mayu.Server.Live;

/// <summary>A configuration, and what is made of it to answer machines. It never changes: a reload makes the next one.</summary>
/// <param name="Settings">The configuration.</param>
/// <param name="Provisioner">Renders configs.</param>
/// <param name="Images">The images.</param>
/// <param name="EtcdTokens">The tokens of etcd clusters that are being born; null: this server has none.</param>
internal sealed record ServedConfiguration(MayuConfiguration Settings, Provisioner Provisioner, ImageStore Images, DiscoveryTokens? EtcdTokens)
{
    /// <summary>Its secrets.</summary>
    public required ISecretSource Secrets { get; init; }

    /// <summary>Makes what a configuration needs.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="secrets">Its secrets.</param>
    /// <param name="etcd">The tokens of etcd clusters; null: this server has none.</param>
    public static ServedConfiguration Of(MayuConfiguration settings, ISecretSource secrets, DiscoveryTokens? etcd = null) => new(
        settings,
        new Provisioner(
            new TemplateRenderer(new TemplateLibrary(TemplateFolder.Of(settings.TemplatesDirectory), TemplateFolder.Of(settings.SnippetsDirectory), FilesFolder.Of(settings.FilesDirectory))),
            settings.Provisioning(secrets, new DiscoveryUrls(settings.EtcdDiscovery, etcd))),
        new ImageStore(settings.ImagesDirectory),
        etcd)
    { Secrets = secrets };
}
