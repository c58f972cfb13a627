using System.Text.RegularExpressions;
using Mayu.Core.Yaml;

namespace Mayu.Core.Provisioning;

/// <summary>The version that an Ignition config says (<c>ignition.version</c>): spec 3, as a text.</summary>
internal static partial class IgnitionVersion
{
    private const string Path = "ignition.version";

    /// <summary>Checks it.</summary>
    /// <exception cref="YamlFaultException">There is none, or it is another.</exception>
    public static void Check(YamlNode? root)
    {
        var section = (root as YamlMap)?["ignition"];
        switch ((section as YamlMap)?["version"])
        {
            case YamlScalar { Tag: YamlTag.Text } text when Spec3().IsMatch(text.Text):
            case YamlScalar { Tag: YamlTag.Plain } plain when Spec3().IsMatch(plain.Text):
                return;
            case null when root is not YamlMap:
                throw At(root, "an Ignition config must be a map with ignition.version", "");
            case null when section is not (null or YamlMap):
                throw At(section, "it must be a map with the key version: write ignition: {version: 3.3.0}", "ignition");
            case null:
                throw At(section ?? root, "it is missing: machines get Ignition spec 3, so write ignition: {version: 3.3.0}", Path);
            case var other:
                throw At(other, "it is not a version of Ignition spec 3 (three numbers): write 3.3.0", Path);
        }
    }

    private static YamlFaultException At(YamlNode? node, string problem, string path) => new(problem, node?.Line ?? 1, node?.Column ?? 1, path);

    [GeneratedRegex(@"\A3\.[0-9]{1,4}\.[0-9]{1,4}(-experimental)?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spec3();
}
