using Mayu.Core.Yaml;

namespace Mayu.Core.Ignition.Output;

/// <summary>Makes a config one of an older specification where that loses nothing.</summary>
internal static class OlderSpec
{
    /// <summary>The specification that a config is written out in.</summary>
    /// <param name="own">Its own.</param>
    /// <param name="target">The newest that the machine reads; null where that is not known.</param>
    /// <param name="map">The config, for errors.</param>
    /// <exception cref="YamlFaultException">The machine reads none that it can be written in.</exception>
    public static IgnitionSpec Of(IgnitionSpec own, IgnitionSpec? target, YamlMap map) => target switch
    {
        null => own,
        { IsSupported: false } => throw Fault(map, $"the machine's Ignition reads spec {target} at most, and Mayu writes {IgnitionSpec.SupportedText}: use a newer system"),
        { } newest when newest.Major > own.Major => throw Fault(
            map, $"this config is of spec {own}, and the machine's Ignition reads spec 3, which is written otherwise: write the config in spec 3, or in Butane"),
        { } newest => newest < own ? newest : own,
    };

    /// <summary>Takes what a specification does not have out of a config of spec 3; spec 2 has less than 3.0.</summary>
    /// <param name="config">The config.</param>
    /// <param name="spec">The specification.</param>
    /// <param name="faults">Takes what would be lost.</param>
    public static void Lower(ConfigObject config, IgnitionSpec spec, FaultList faults)
    {
        Lower(config, spec.Major == 3 ? spec.Minor : 0, spec, faults);
        config.Section("ignition").Set("version", new ConfigText(config.Place, spec.ToString()));
    }

    private static void Lower(ConfigObject map, int minor, IgnitionSpec spec, FaultList faults)
    {
        foreach (var key in map.Type.Keys)
        {
            switch (map[key.Name])
            {
                case null:
                    break;
                case var value when key.Since > minor:
                    if (!IsNeutral(value, key))
                    {
                        faults.Add(value, $"the machine's Ignition reads spec {spec}, and this came with spec 3.{key.Since}.0: remove it, or use a newer system");
                    }

                    map.Remove(key.Name);
                    break;
                case ConfigObject below:
                    Lower(below, minor, spec, faults);
                    break;
                case ConfigList list:
                    list.Items.OfType<ConfigObject>().ToList().ForEach(item => Lower(item, minor, spec, faults));
                    break;
                default:
                    break;
            }
        }
    }

    // It says no more than if it were not there.
    private static bool IsNeutral(ConfigValue value, SpecKey key) => value switch
    {
        ConfigFlag flag => flag.Value == key.Neutral,
        ConfigText text => text.Text.Length == 0,
        ConfigList list => list.Items.Count == 0,
        ConfigObject map => map.Type.Keys.All(below => map[below.Name] is not { } inner || IsNeutral(inner, below)),
        _ => false,
    };

    private static YamlFaultException Fault(YamlMap map, string problem) => new(problem, map.Line, map.Column);
}
