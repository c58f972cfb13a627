using Mayu.Core.Butane;
using Mayu.Core.Ignition.Checks;
using Mayu.Core.Yaml;

namespace Mayu.Core.Ignition.Output;

/// <summary>Makes the JSON that a machine's Ignition reads of a config that is written in Butane, or in Ignition's own words as YAML or JSON.</summary>
public static class IgnitionConfig
{
    /// <summary>Translates and checks a config.</summary>
    /// <param name="text">The config: Butane's where it has a <c>variant</c>, else Ignition's.</param>
    /// <param name="target">The newest specification that the machine reads; null for the config's own. A config of an older one stays as it is.</param>
    /// <param name="files">The files that it may embed; none where that is null.</param>
    /// <returns>Compact JSON, the same for the same input.</returns>
    /// <exception cref="IgnitionFaultsException">Something is wrong with it, or the machine's specification cannot say it: all that was found.</exception>
    public static string Render(string text, IgnitionSpec? target = null, IEmbeddedFiles? files = null) =>
        ConfigJson.Write(Take(text, target, files ?? NoEmbeddedFiles.Instance, depth: 0).Config);

    /// <summary>The same before it is JSON, for a config in another one.</summary>
    /// <param name="text">The config.</param>
    /// <param name="target">The newest specification that the machine reads.</param>
    /// <param name="files">The files that it may embed.</param>
    /// <param name="depth">How many configs it is in.</param>
    internal static (ConfigObject Config, bool IsChanged) Take(string text, IgnitionSpec? target, IEmbeddedFiles files, int depth)
    {
        var faults = new FaultList();
        try
        {
            return YamlLoader.Load(text) switch
            {
                YamlMap map when ButaneVersion.IsButane(map) => (Butane(map, target, files, depth, faults).Config, true),
                YamlMap map => Own(map, target, files, depth, faults),
                var other => throw new YamlFaultException("an Ignition config must be a map with ignition.version, or with variant and version", other?.Line ?? 1, other?.Column ?? 1),
            };
        }
        catch (YamlFaultException fault)
        {
            faults.Add(fault);
            throw new IgnitionFaultsException([fault]);
        }
    }

    private static (ConfigObject Config, bool IsChanged) Butane(YamlMap map, IgnitionSpec? target, IEmbeddedFiles files, int depth, FaultList faults)
    {
        var version = ButaneVersion.Of(map);
        var spec = OlderSpec.Of(version.Spec, target, map);
        var config = new ConfigReader(Dialect.Butane, version.Spec, version.With, faults).Read(map, Spec3Model.Config, "");
        new ButaneTranslation(version, files, gzip: spec >= new IgnitionSpec(3, 1), faults).Translate(config);
        return Finished(config, Dialect.Butane, version.Spec, spec, depth, files, faults);
    }

    private static (ConfigObject Config, bool IsChanged) Own(YamlMap map, IgnitionSpec? target, IEmbeddedFiles files, int depth, FaultList faults)
    {
        var own = IgnitionVersion.Of(map);
        var spec = OlderSpec.Of(own, target, map);
        var reader = new ConfigReader(Dialect.Ignition, own, minor => $"Ignition spec {own.Major}.{minor}.0, and this config is {own}", faults);
        var config = reader.Read(map, own.Major == 3 ? Spec3Model.Config : Spec2Model.Config, "");
        return Finished(config, Dialect.Ignition, own, spec, depth, files, faults);
    }

    private static (ConfigObject Config, bool IsChanged) Finished(ConfigObject config, Dialect dialect, IgnitionSpec own, IgnitionSpec spec, int depth, IEmbeddedFiles files, FaultList faults)
    {
        ConfigChecks.Check(config, new Checker(own, dialect, faults));
        var isChanged = new EmbeddedConfigs(spec, files, depth, faults).Take(config);
        faults.ThrowIfAny();
        if (spec == own)
        {
            return (config, isChanged);
        }

        OlderSpec.Lower(config, spec, faults);
        faults.ThrowIfAny();
        var lowered = spec.Major == 3 ? config : new Spec2Output(spec, faults).Of(config);
        ConfigChecks.Check(lowered, new Checker(spec, dialect, faults));
        faults.ThrowIfAny();
        return (lowered, true);
    }
}
