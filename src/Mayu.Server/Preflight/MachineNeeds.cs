using Mayu.Core.Profiles;
using Mayu.Linux.Files;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Files;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.Configuration;
using Mayu.Server.Configuration.Settings;
using Mayu.Server.Images;
using Mayu.Server.Preview;
using Mayu.Server.Secrets;
using Mayu.Storage.Folders;

namespace Mayu.Server.Preflight;

/// <summary>
/// Looks for what the server and its machines will need, before the first of them does: files, images, templates, keys. Each is tried as it will be
/// used; nothing is changed.
/// </summary>
/// <param name="configuration">The configuration.</param>
/// <param name="records">The known machines, whose configs are tried as well.</param>
/// <param name="secrets">The secrets as this process can read them, so that configs are checked with them; null: they are read.</param>
internal sealed class MachineNeeds(MayuConfiguration configuration, ClusterRecords? records = null, SecretStore? secrets = null)
{
    private const string DebiansIpxe = "ipxe.efi";

    // A folder of everything is no reason for a start to wait.
    private const int MostLoaders = 10_000;

    private static readonly EnumerationOptions AllOfIt = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    /// <summary>On how many processors configs are rendered, and what ends it.</summary>
    public ParallelOptions Parallel { get; init; } = new();

    private readonly ImageStore _images = new(configuration.ImagesDirectory);
    private readonly SecretStore _secrets = secrets ?? SecretStore.Open(configuration.Secrets);
    private readonly ConfigPreview _preview = new(configuration);
    private ConfigFaults? _faults;

    // With the secrets: what is made of them is what the machine will get.
    private ConfigFaults Faults => _faults ??= new ConfigFaults(new ConfigPreview(configuration, _secrets), records ?? new ClusterRecords([], []), _secrets) { Parallel = Parallel };

    /// <summary>What is missing or broken: the key that it is about, and a sentence with what to do.</summary>
    public IEnumerable<(string Key, string Problem)> Missing() =>
    [
        .. ((IEnumerable<(string Key, string Problem)>)[.. TftpFolder(), .. Certificate(), .. Discovery(), .. ClosedFiles(), .. FirstStage(), .. OwnDiskLoaders()]).Distinct(),
        .. Profiles(),
        .. Faults.All(),
        .. Secrets(),
        .. Keys(),
        .. Webhooks(),
    ];

    /// <summary>Of these, what is about the files that boot loaders come from.</summary>
    public IEnumerable<(string Key, string Problem)> OfLoaders() => [.. TftpFolder(), .. ClosedFiles(), .. OwnDiskLoaders()];

    /// <summary>Of these, what is about images.</summary>
    public IEnumerable<(string Key, string Problem)> OfImages() => [.. Discovery(), .. Profiles()];

    /// <summary>Of these, what is about what templates print.</summary>
    public IEnumerable<(string Key, string Problem)> OfTemplates() => [.. FirstStage(), .. Faults.All(), .. Secrets(), .. Keys()];

    /// <summary>Of these, what is about the certificate of the API that the configuration names.</summary>
    public IEnumerable<(string Key, string Problem)> OfCertificate() => Certificate();

    /// <summary>What an operator should know although it keeps nothing from working: what was not checked, since this process cannot read it, and what others can read; as <see cref="Missing"/>.</summary>
    public IEnumerable<(string Key, string Problem)> Remarks() =>
    [
        .. _secrets.Unreadable.Where(secret => secret.IsOnlyHere).Select(secret => ("secrets", $"not checked: the secret {secret.Name} cannot be read here: {secret.Problem}")),
        .. Faults.NotChecked(),
        .. _secrets.Exposed([.. (records?.Machines ?? []).Select(machine => machine.Serial)]).Select(exposed => ("secrets", exposed)),
    ];

    private IEnumerable<(string Key, string Problem)> Secrets() =>
        _secrets.Unreadable.Where(secret => !secret.IsOnlyHere).Select(secret => ("secrets", $"the server cannot start: the secret {secret.Name} cannot be read: {secret.Problem}"));

    // A secret that cannot be read is told as such.
    private IEnumerable<(string Key, string Problem)> Webhooks()
    {
        foreach (var hook in configuration.Webhooks)
        {
            if (_secrets.TryRead(hook.Secret, default, out var secret, out _) && !WebhookKey.TryRead(secret, out _, out var problem))
            {
                yield return ("webhooks", $"the server cannot start: {hook.Name}: the secret {hook.Secret} cannot be used: {problem}");
            }

            if (hook.CaFile is { } file && CaProblem(file) is { } fault)
            {
                yield return ("webhooks", $"the server cannot start: {hook.Name}: {fault}");
            }
        }
    }

    private static string? CaProblem(string file)
    {
        try
        {
            WebhookAuthorities.Read(file);
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }


    private IEnumerable<(string Key, string Problem)> Keys() => SshKeys.Faults(configuration.Variables).Select(fault => ("vars", fault));

    private IEnumerable<(string Key, string Problem)> TftpFolder() =>
        configuration.Netboot.Tftp.IsEnabled && configuration.Netboot.Engine != EngineKind.External && !FolderSource.TryCheck(configuration.Netboot.TftpRoot, out var problem)
            ? [("tftp_root", $"the server cannot start: {problem}")]
            : [];

    private IEnumerable<(string Key, string Problem)> Certificate()
    {
        if (configuration is { TlsCertificate: { } certificate, TlsKey: { } key } && TlsProblem(certificate, key) is { } unusable)
        {
            yield return ("api.tls_certificate", $"the server cannot start: {unusable}");
        }
    }

    // One of the operator's own, below tftp_root, may return.
    private IEnumerable<(string Key, string Problem)> OwnDiskLoaders()
    {
        var pxe = configuration.Netboot.Pxe;
        if (configuration.Cluster.Profiles.Any(profile => profile is { Mode: ProfileMode.Install, LocalBoot: LocalBoot.Script })
            && pxe.Architectures.Select(setting => setting.File).Concat(pxe.Quirks.Select(quirk => quirk.File)).Contains(DebiansIpxe, StringComparer.Ordinal)
            && !File.Exists(Path.Combine(configuration.Netboot.TftpRoot ?? "", DebiansIpxe)))
        {
            yield return ("pxe", $"Debian's {DebiansIpxe} does not return to the firmware, so an installed machine that loads it would not boot its own disk: set localboot: silent in its profile, or load snponly.efi");
        }
    }

    // What several profiles lack, often by their defaults, is one thing.
    private IEnumerable<(string Key, string Problem)> Profiles() =>
        from need in configuration.Cluster.Profiles.SelectMany(profile => ProfileNeeds(profile).Select(need => (Profile: profile, Need: need)))
        group need.Profile by need.Need into alike
        select (alike.Any(profile => profile.IsDefault) ? "defaults" : "profiles",
            $"{(alike.Count() == 1 ? "profile" : "profiles")} {string.Join(", ", alike.Select(profile => profile.Name))}: {alike.Key}");

    private IEnumerable<(string Key, string Problem)> Discovery()
    {
        foreach (var file in new[] { ImageStore.Kernel, ImageStore.Initrd })
        {
            if (ImageProblem(() => _images.PathOf(configuration.DiscoveryImage, file)) is { } problem)
            {
                yield return ("discovery_image", $"{problem}: no machine can be discovered or installed");
            }
        }
    }

    // One stands for all that were copied with it.
    private IEnumerable<(string Key, string Problem)> ClosedFiles() =>
        configuration.Netboot.TftpRoot is { } root && Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root, "*", AllOfIt).Prepend(root).Take(MostLoaders)
            .Select(ClosedPath.Advise).FirstOrDefault(advice => advice is not null) is { } closed
            ? [("tftp_root", $"{closed}: machines that ask for it get an error")]
            : [];

    private IEnumerable<(string Key, string Problem)> FirstStage()
    {
        var stages = _preview.FirstStage().ToList();
        if (stages[0].Problem is { } script)
        {
            yield return ("templates_dir", $"{script}: no machine can be installed");
        }

        if (stages[1].Problem is { } config)
        {
            yield return ("templates_dir", $"{config}: no machine whose discovery system reads a cloud-config can be installed");
        }
    }

    private IEnumerable<string> ProfileNeeds(Profile profile)
    {
        if (_preview.ImageProblem(profile) is { } missing)
        {
            yield return $"{missing}: machines cannot be installed";
        }

        if (configuration.Netboot.Engine == EngineKind.External && profile is { Mode: ProfileMode.Install, LocalBoot: LocalBoot.Silent })
        {
            yield return "localboot is silent, but with engine: external another server answers DHCP, for installed machines too; set localboot: script";
        }
    }

    private static string? TlsProblem(string certificate, string key)
    {
        try
        {
            CertificateChain.Read(certificate, key);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || CertificateFiles.IsMalformed(e))
        {
            return $"{certificate} and {key} cannot be used: {e.Reason()}";
        }
    }

    private static string? ImageProblem(Action look)
    {
        try
        {
            look();
            return null;
        }
        catch (ImageMissingException e)
        {
            return e.Message;
        }
    }
}
