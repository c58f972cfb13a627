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
    /// <param name="isUnchecked">Whether nobody can say of a fault that it is one, since its value stands for another; null: all are.</param>
    /// <returns>Compact JSON, the same for the same input.</returns>
    /// <exception cref="IgnitionFaultsException">Something is wrong with it, or the machine's specification cannot say it: all that was found.</exception>
    public static string Render(string text, IgnitionSpec? target = null, IEmbeddedFiles? files = null, Func<YamlFaultException, bool>? isUnchecked = null) =>
        ConfigJson.Write(Take(text, new ConfigRequest(target, files ?? NoEmbeddedFiles.Instance, new EmbeddedBudget()) { IsUnchecked = isUnchecked }).Config, hasUnchecked: isUnchecked is not null);

    /// <summary>The same before it is JSON, for a config in another one.</summary>
    internal static (ConfigObject Config, bool IsChanged) Take(string text, ConfigRequest request)
    {
        try
        {
            return YamlLoader.Load(text) switch
            {
                YamlMap map when ButaneVersion.IsButane(map) => (Butane(map, request), true),
                YamlMap map => Own(map, request),
                var other => throw new YamlFaultException("an Ignition config must be a map with ignition.version, or with variant and version", other?.Line ?? 1, other?.Column ?? 1),
            };
        }
        catch (YamlFaultException fault)
        {
            throw new IgnitionFaultsException([fault]);
        }
    }

    private static ConfigObject Butane(YamlMap map, ConfigRequest request)
    {
        var version = ButaneVersion.Of(map);
        var spec = OlderSpec.Of(version.Spec, request.Target, map);
        var checker = new Checker(version.Spec, Dialect.Butane, new FaultList(request.IsUnchecked));
        var config = new ConfigReader(Dialect.Butane, version.Spec, version.With, checker.Faults).Read(map, Spec3Model.Config, "");
        new ButaneTranslation(version, request.Files, gzip: spec >= new IgnitionSpec(3, 1), checker.Faults).Translate(config);
        return Finished(config, spec, checker, request).Config;
    }

    private static (ConfigObject Config, bool IsChanged) Own(YamlMap map, ConfigRequest request)
    {
        var own = IgnitionVersion.Of(map);
        var spec = OlderSpec.Of(own, request.Target, map);
        var checker = new Checker(own, Dialect.Ignition, new FaultList(request.IsUnchecked));
        var reader = new ConfigReader(Dialect.Ignition, own, minor => $"Ignition spec {own.Major}.{minor}.0, and this config is {own}", checker.Faults);
        return Finished(reader.Read(map, own.Major == 3 ? Spec3Model.Config : Spec2Model.Config, ""), spec, checker, request);
    }

    // First all that is wrong with it as it is written, then what the older specification cannot say.
    private static (ConfigObject Config, bool IsChanged) Finished(ConfigObject config, IgnitionSpec spec, Checker checker, ConfigRequest request)
    {
        var faults = checker.Faults;
        ConfigChecks.Check(config, checker);
        var isChanged = new EmbeddedConfigs(request, spec, faults).Take(config);
        faults.ThrowIfAny();
        if (spec == checker.Spec)
        {
            return (config, isChanged);
        }

        ConfigObject lowered;
        if (checker.Spec.Major == 2)
        {
            lowered = new Spec2Output(spec, faults).OfSpec2(config);
        }
        else
        {
            OlderSpec.Lower(config, spec, faults);
            faults.ThrowIfAny();
            lowered = spec.Major == 3 ? config : new Spec2Output(spec, faults).Of(config);
        }

        ConfigChecks.Check(lowered, checker with { Spec = spec });
        faults.ThrowIfAny();
        return (lowered, true);
    }
}

/// <summary>What is asked for beside the config itself.</summary>
/// <param name="Target">The newest specification that the machine reads; null for the config's own.</param>
/// <param name="Files">The files that it may embed.</param>
/// <param name="Budget">What the configs in it, at any depth, may take together.</param>
/// <param name="Depth">How many configs it is in.</param>
internal sealed record ConfigRequest(IgnitionSpec? Target, IEmbeddedFiles Files, EmbeddedBudget Budget, int Depth = 0)
{
    /// <summary>Whether nobody can say of a fault that it is one; null: all are.</summary>
    public Func<YamlFaultException, bool>? IsUnchecked { get; init; }
}
