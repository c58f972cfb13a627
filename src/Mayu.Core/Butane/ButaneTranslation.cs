using Mayu.Core.Ignition;

namespace Mayu.Core.Butane;

/// <summary>Makes an Ignition config of a Butane config: what Butane has beside Ignition's keys becomes files, units and URLs.</summary>
/// <param name="version">The config's version.</param>
/// <param name="files">The files that it may embed.</param>
/// <param name="gzip">Whether the machine's Ignition decompresses a data URL, as from spec 3.1 on.</param>
/// <param name="faults">Takes what is wrong.</param>
internal sealed class ButaneTranslation(ButaneVersion version, IEmbeddedFiles files, bool gzip, FaultList faults)
{
    private readonly EmbeddedContents _contents = new(files, gzip, faults);

    /// <summary>Translates a config in its place.</summary>
    /// <param name="config">The config as it was read.</param>
    public void Translate(ConfigObject config)
    {
        foreach (var below in config.WithAllBelow().ToList())
        {
            if (below.Type["inline"] is not null)
            {
                _contents.TakeResource(below);
            }
            else if (below.Type["contentsLocal"] is not null)
            {
                _contents.TakeText(below, "contentsLocal", "contents");
            }
            else if (below.Type["sshAuthorizedKeysLocal"] is not null)
            {
                _contents.TakeKeys(below);
            }
        }

        if (config.Object("storage") is { } storage)
        {
            CheckModes(storage);
            CheckClevis(storage);
            new EmbeddedTrees(files, _contents, faults).Take(storage);
            MountUnits.Take(config, version.Spec, faults);
        }

        config.Remove("variant");
        config.Remove("version");
        var ignition = config.Section("ignition");
        ignition.Set("version", new ConfigText(config.Place, version.Spec.ToString()));
    }

    // 644 without its zero is 01204: a mode that nobody means.
    private void CheckModes(ConfigObject storage)
    {
        foreach (var node in storage.Objects("files").Concat(storage.Objects("directories")))
        {
            if (node.Number("mode") is { } mode && !FileMode.IsUsual(mode) && FileMode.OctalReading(mode) is { } meant && FileMode.IsUsual(meant))
            {
                faults.Add(node.At("mode").Place, "this is a decimal number: write the mode in octal, with a zero before it", $" (0{mode})");
                node.Set("mode", new ConfigBroken(node.At("mode").Place));
            }
        }
    }

    private void CheckClevis(ConfigObject storage)
    {
        foreach (var luks in storage.Objects("luks").Where(luks => version.Variant == "flatcar" && luks.Has("clevis")))
        {
            faults.Add(luks.At("clevis"), $"{version.Variant} {version.Version} has no clevis: remove the key");
        }
    }
}
