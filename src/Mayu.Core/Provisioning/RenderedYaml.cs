using Mayu.Core.Butane;
using Mayu.Core.Ignition;
using Mayu.Core.Ignition.Output;
using Mayu.Core.Yaml;

namespace Mayu.Core.Provisioning;

/// <summary>What a template of a provisioning config printed: checked, and for Ignition made JSON.</summary>
internal static class RenderedYaml
{
    /// <summary>Checks a rendered text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="check">What it has to be.</param>
    /// <param name="target">The newest specification of Ignition that the machine reads; null: any.</param>
    /// <param name="files">What it may embed.</param>
    /// <param name="isUnchecked">Whether nobody can say of a fault that it is one; null: all are.</param>
    /// <returns>What the machine gets.</returns>
    /// <exception cref="YamlFaultException">It is not that.</exception>
    /// <exception cref="IgnitionFaultsException">It is not that; with all that was found.</exception>
    public static string Checked(string text, OutputCheck check, IgnitionSpec? target, IEmbeddedFiles files, Func<YamlFaultException, bool>? isUnchecked = null)
    {
        ThrowIfNul(text);
        return check switch
        {
            OutputCheck.Ignition => Ignition(text, target, files, isUnchecked),
            OutputCheck.CloudConfig => CloudConfig(text, isUnchecked),
            OutputCheck.UserData => UserData(text, isUnchecked),
            OutputCheck.MetaData => MetaData(text, isUnchecked),
            OutputCheck.NetworkConfig => NetworkConfig(text, isUnchecked),
            _ => string.IsNullOrWhiteSpace(text) ? throw new YamlFaultException("it is empty: nothing but white space is printed", 1, 1) : text,
        };
    }

    // cloud-init, "User-data formats".
    private static readonly string[] OtherUserData = ["#!", "#include", "## template: jinja", "#cloud-config-archive", "#cloud-boothook", "#part-handler", "Content-Type: multipart/"];

    /// <summary>The cloud-config itself.</summary>
    /// <exception cref="YamlFaultException">Its first line is another, it is no map in YAML, or one that the two generations of YAML read differently.</exception>
    public static string CloudConfig(string text, Func<YamlFaultException, bool>? isUnchecked = null)
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

        return FirstFault(root, isUnchecked) is { } fault ? throw fault : text;
    }

    /// <summary>The Ignition config, as JSON, of Butane or of Ignition's own keys.</summary>
    /// <exception cref="IgnitionFaultsException">It is none; with all that was found.</exception>
    /// <param name="text">The rendered text.</param>
    /// <param name="target">The newest specification that the machine reads; null: any.</param>
    /// <param name="files">What it may embed.</param>
    /// <param name="isUnchecked">Whether nobody can say of a fault that it is one; null: all are.</param>
    public static string Ignition(string text, IgnitionSpec? target = null, IEmbeddedFiles? files = null, Func<YamlFaultException, bool>? isUnchecked = null) =>
        IgnitionConfig.Render(text, target, files, isUnchecked);

    /// <summary>User data or vendor data of cloud-init: a cloud-config, which is checked, or one of its other formats, each of which its first line names.</summary>
    /// <exception cref="YamlFaultException">It is none of them, or a cloud-config with a fault.</exception>
    public static string UserData(string text, Func<YamlFaultException, bool>? isUnchecked = null) =>
        OtherUserData.Any(first => text.StartsWith(first, StringComparison.Ordinal)) ? text
        : text.StartsWith("#cloud-config", StringComparison.Ordinal) ? CloudConfig(text, isUnchecked)
        : throw new YamlFaultException("user data begins with #cloud-config, or with another first line that cloud-init knows: #!, #include, ## template: jinja, Content-Type: multipart/mixed", 1, 1);

    // "NoCloud", "meta-data": cloud-init takes a machine without it for one that it has set up already, or finds no data source.
    private static string MetaData(string text, Func<YamlFaultException, bool>? isUnchecked)
    {
        var map = Map(text, isUnchecked);
        return map["instance-id"] is YamlScalar { IsNull: false, Text.Length: > 0 } ? text
            : throw new YamlFaultException("it must have the key instance-id, with a value that is another after each installation", map.Line, map.Column);
    }

    // "Network configuration sources": with or without a key "network" around it.
    private static string NetworkConfig(string text, Func<YamlFaultException, bool>? isUnchecked)
    {
        var map = Map(text, isUnchecked);
        const string Around = "network";
        var network = map[Around] is { } below ? below as YamlMap ?? throw new YamlFaultException("it must be a map of keys", below.Line, below.Column, Around) : map;
        var (version, path) = (network["version"], ReferenceEquals(network, map) ? "version" : $"{Around}.version");
        return version is YamlScalar { Tag: YamlTag.Plain, Text: "1" or "2" } || network["config"] is YamlScalar { Text: "disabled" } ? text
            : throw new YamlFaultException(version is null ? "it is missing: write version: 2, or version: 1" : "cloud-init knows the versions 1 and 2, written without quotes", (version ?? network).Line, (version ?? network).Column, path);
    }

    private static YamlMap Map(string text, Func<YamlFaultException, bool>? isUnchecked)
    {
        var root = YamlLoader.Load(text);
        return root is not YamlMap map ? throw new YamlFaultException("it must be a map of keys", root?.Line ?? 1, root?.Column ?? 1)
            : FirstFault(root, isUnchecked) is { } fault ? throw fault
            : map;
    }

    // Of a program that reads it, everything behind it may be gone.
    private static void ThrowIfNul(string text)
    {
        if (text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var at)
        {
            throw new YamlFaultException("it has a NUL here, which no text has", text.AsSpan(0, at).Count('\n') + 1, at - text.LastIndexOf('\n', at));
        }
    }

    private static YamlFaultException? FirstFault(YamlNode root, Func<YamlFaultException, bool>? isUnchecked) =>
        CoreSchema.Faults(root, use: YamlUse.Document).FirstOrDefault(fault => isUnchecked?.Invoke(fault) != true);
}

/// <summary>What a rendered text has to be.</summary>
internal enum OutputCheck
{
    /// <summary>Any text that is not empty.</summary>
    None,

    /// <summary>An Ignition config, in YAML or JSON, or Butane's; it becomes JSON.</summary>
    Ignition,

    /// <summary>A cloud-config.</summary>
    CloudConfig,

    /// <summary>User data or vendor data of cloud-init.</summary>
    UserData,

    /// <summary>The meta-data of NoCloud.</summary>
    MetaData,

    /// <summary>The network-config of NoCloud.</summary>
    NetworkConfig,
}
