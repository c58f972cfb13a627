using Mayu.Core.Ignition;
using Mayu.Core.Yaml;

namespace Mayu.Core.Butane;

/// <summary>A variant and a version of Butane, with the specification of Ignition that it stands for (https://coreos.github.io/butane/specs/).</summary>
/// <param name="Variant">The operating system.</param>
/// <param name="Version">The version of its configs.</param>
/// <param name="Spec">What they are translated to.</param>
internal sealed record ButaneVersion(string Variant, string Version, IgnitionSpec Spec)
{
    private static readonly ButaneVersion[] All =
    [
        new("fcos", "1.0.0", new(3, 0)), new("fcos", "1.1.0", new(3, 1)), new("fcos", "1.2.0", new(3, 2)), new("fcos", "1.3.0", new(3, 2)), new("fcos", "1.4.0", new(3, 3)),
        new("fcos", "1.5.0", new(3, 4)), new("fcos", "1.6.0", new(3, 5)), new("fcos", "1.7.0", new(3, 6)),
        new("flatcar", "1.0.0", new(3, 3)), new("flatcar", "1.1.0", new(3, 4)),
    ];

    /// <summary>Whether a config says that it is Butane's.</summary>
    public static bool IsButane(YamlMap config) => config["variant"] is not null;

    /// <summary>The version that a config says.</summary>
    /// <param name="config">The config.</param>
    /// <exception cref="YamlFaultException">It says none that is supported.</exception>
    public static ButaneVersion Of(YamlMap config)
    {
        var variant = config["variant"]!;
        var versions = All.Where(version => version.Variant == (variant as YamlScalar)?.Text).ToList();
        if (versions.Count == 0)
        {
            throw new YamlFaultException("Mayu translates Butane's variants fcos and flatcar: write one of them, or the config as Ignition's own", variant.Line, variant.Column, "variant");
        }

        var given = config["version"];
        return versions.Find(version => version.Version == (given as YamlScalar)?.Text)
            ?? throw new YamlFaultException(
                $"{(given is null ? "it is missing" : "Mayu does not know this version")}: write one of {string.Join(", ", versions.Select(version => version.Version))}",
                (given ?? config).Line, (given ?? config).Column, "version");
    }

    /// <summary>What to write for a key that came with a minor version of Ignition's spec 3.</summary>
    public string With(int minor) => Array.Find(All, version => version.Variant == Variant && version.Spec.Minor >= minor) is { } first
        ? $"version {first.Version} of {Variant} (Ignition spec {first.Spec}), and this config is {Version}"
        : $"Ignition spec 3.{minor}.0, and no version of {Variant} that Mayu knows has it";
}
