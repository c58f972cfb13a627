using Mayu.Core.Ignition;
using Mayu.Core.Ignition.Output;
using Mayu.Core.Yaml;

namespace Mayu.Core.Provisioning;

/// <summary>What a template of a provisioning config printed: checked, and for Ignition made JSON.</summary>
internal static class RenderedYaml
{
    /// <summary>The cloud-config itself.</summary>
    /// <exception cref="YamlFaultException">Its first line is another, it is no map in YAML, or one that the two generations of YAML read differently.</exception>
    public static string CloudConfig(string text)
    {
        if (!text.StartsWith("#cloud-config\n", StringComparison.Ordinal))
        {
            throw new YamlFaultException("the first line of a cloud-config must be \"#cloud-config\"", 1, 1);
        }

        var root = YamlLoader.Load(text);
        if (root is not YamlMap)
        {
            throw new YamlFaultException("a cloud-config must be a map of keys", root?.Line ?? 1, root?.Column ?? 1);
        }

        return CoreSchema.Faults(root, use: YamlUse.Document).FirstOrDefault() is { } fault ? throw fault : text;
    }

    /// <summary>The Ignition config, as JSON, of Butane or of Ignition's own keys.</summary>
    /// <exception cref="IgnitionFaultsException">It is none; with all that was found.</exception>
    public static string Ignition(string text) => IgnitionConfig.Render(text);
}
