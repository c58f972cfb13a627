using System.Text.Json.Nodes;
using Mayu.Core.Butane;
using Mayu.Core.Ignition;
using Mayu.Core.Ignition.Output;

namespace Mayu.Core.Tests.Ignition;

/// <summary>Short words for tests of configs.</summary>
internal static class Config
{
    /// <summary>A raw config.</summary>
    public static string Raw(string version, string rest) => $"ignition: {{version: {version}}}\n{rest}";

    /// <summary>What a config becomes.</summary>
    public static JsonNode Rendered(string config, string? target = null, IEmbeddedFiles? files = null) => JsonNode.Parse(IgnitionConfig.Render(config, Spec(target), files))!;

    /// <summary>What is wrong with a config, a line each.</summary>
    public static string Faults(string config, string? target = null, IEmbeddedFiles? files = null) =>
        string.Join('\n', Assert.Throws<IgnitionFaultsException>(() => IgnitionConfig.Render(config, Spec(target), files)).Faults
            .Select(fault => $"{fault.Line}:{fault.Column} {fault.Message}"));

    private static IgnitionSpec? Spec(string? target) =>
        target is null ? null : IgnitionSpec.TryParse(target, out var spec) ? spec : throw new ArgumentException("it is no version", nameof(target));
}
