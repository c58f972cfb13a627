using Mayu.Core.Yaml;

namespace Mayu.Core.Ignition.Output;

/// <summary>The version that an Ignition config says (<c>ignition.version</c>).</summary>
internal static class IgnitionVersion
{
    private const string Path = "ignition.version";

    /// <summary>Reads it.</summary>
    /// <exception cref="YamlFaultException">There is none, or it is not supported.</exception>
    public static IgnitionSpec Of(YamlMap root)
    {
        var section = root["ignition"];
        return (section as YamlMap)?["version"] switch
        {
            YamlScalar { Tag: YamlTag.Text or YamlTag.Plain } version when IgnitionSpec.TryParse(version.Text, out var spec) => spec,
            null when section is not (null or YamlMap) => throw At(section, "it must be a map with the key version: write ignition: {version: 3.3.0}", "ignition"),
            null => throw At(section ?? root, "it is missing: write ignition: {version: 3.3.0}, or variant and version of a Butane config", Path),
            var other => throw At(other, $"it is not a version that Mayu knows, which are {IgnitionSpec.SupportedText}: write 3.3.0", Path),
        };
    }

    private static YamlFaultException At(YamlNode node, string problem, string path) => new(problem, node.Line, node.Column, path);
}
