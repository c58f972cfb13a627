using Mayu.Netboot.Engines;
using Mayu.Netboot.Files;
using Mayu.Netboot.Loaders;
using Mayu.Server.Preflight;

namespace Mayu.Server.Api.Doctor;

/// <summary>The files that TFTP serves: the operator's folder, and the boot loaders of the usual machines.</summary>
internal sealed class LoaderCheck(NetbootSettings settings, ServedFiles files, Func<MachineNeeds> needs) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Id => "tftp-root";

    /// <inheritdoc/>
    public Task<string> LookAsync(Findings findings, CancellationToken cancellation)
    {
        foreach (var (key, problem) in needs().OfLoaders())
        {
            findings.Error($"{key}: {problem}");
        }

        if (!settings.Tftp.IsEnabled || settings.Engine == EngineKind.External)
        {
            return Task.FromResult("another program serves the boot loaders");
        }

        foreach (var loader in LoaderWarnings.MissingUsual(LoaderTable.Make(settings.Pxe, settings.BootUrl).Files, files.Has))
        {
            findings.Error($"the boot loader {loader} is neither installed nor below tftp_root", "Install Debian's package for it, or put the file below tftp_root (docs/boot-loaders.md).");
        }

        return Task.FromResult(settings.TftpRoot is { } root ? $"{root} can be read, and the boot loaders are there" : "the boot loaders are there");
    }
}
