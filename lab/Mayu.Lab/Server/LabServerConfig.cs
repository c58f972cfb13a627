using System.Net;
using System.Text;
using Mayu.Lab.Rack;

namespace Mayu.Lab.Server;

/// <summary>Writes the <c>config.yaml</c> of the rack's server.</summary>
internal static class LabServerConfig
{
    public const string DefaultImage = "lab-os";

    public static string TemplatesIn(string data) => Path.Combine(data, "templates");

    /// <summary>The text of the configuration.</summary>
    /// <param name="rack">The rack's network; a /24.</param>
    /// <param name="options">Programs, images and profiles.</param>
    /// <param name="data">The server's data folder.</param>
    /// <param name="scratch">A folder that programs without rights reach.</param>
    public static string Write(RackOptions rack, LabServerOptions options, string data, string scratch)
    {
        var text = new StringBuilder();
        text.AppendLine("# Written by mayu-lab for one rack. Every key is in docs/configuration.md.");
        text.AppendLine($"engine: {options.Engine.ToString().ToLowerInvariant()}");
        text.AppendLine("network:");
        text.AppendLine($"  interface: {rack.Bridge}");
        text.AppendLine($"  address: {rack.Address}");
        text.AppendLine($"  subnet: {Host(rack.Address, 0)}/{rack.PrefixLength}");
        if (options.Engine != LabEngine.External)
        {
            text.AppendLine($"  bootstrap_range: {{start: {Host(rack.Address, 100)}, end: {Host(rack.Address, 199)}}}");
        }

        text.AppendLine($"  internal_range: {{start: {Host(rack.Address, options.InternalRange.First)}, end: {Host(rack.Address, options.InternalRange.Last)}}}");
        text.AppendLine($"  router: {rack.Address}");
        text.AppendLine($"  dns: [{rack.Address}]");
        if (options.Engine == LabEngine.Dnsmasq)
        {
            text.AppendLine($"dnsmasq: {{folder: {Quote(Path.Combine(scratch, "dnsmasq"))}}}");
        }

        text.AppendLine($"data_dir: {Quote(data)}");
        text.AppendLine($"templates_dir: {Quote(TemplatesIn(data))}");
        text.AppendLine($"images_dir: {Quote(Path.GetFullPath(options.Images))}");
        if (options.InfoPusher is { } infoPusher)
        {
            text.AppendLine($"hostinfo_helper: {Quote(Path.GetFullPath(infoPusher))}");
        }

        // Address randomisation and mitigations protect nobody here, and cost seconds under emulation. The kernel tests its timer against the clock,
        // and panics where the host was too busy meanwhile.
        const string Own = "console=ttyS0, quiet, nokaslr, mitigations=off, cryptomgr.notests, noreplace-smp, no_timer_check";
        text.AppendLine($"kernel_arguments: [{string.Join(", ", options.KernelArguments.Select(Quote).Prepend(Own))}]");
        text.AppendLine($"defaults: {{image: {DefaultImage}{(options.Defaults is { } more ? ", " + more : "")}}}");
        text.AppendLine("profiles:");
        foreach (var profile in options.Profiles)
        {
            text.AppendLine($"  - {Describe(profile)}");
        }

        text.Append(options.More);
        return text.ToString();
    }

    private static string Describe(LabProfile profile)
    {
        List<string> parts = [$"name: {profile.Name}"];
        if (profile.Quantity is { } quantity)
        {
            parts.Add($"quantity: {quantity}");
        }

        if (profile.Tags.Count > 0)
        {
            parts.Add($"tags: [{string.Join(", ", profile.Tags)}]");
        }

        if (profile.Image is { } image)
        {
            parts.Add($"image: {image}");
        }

        if (profile.TokenDelivery is { } delivery)
        {
            parts.Add($"token_delivery: {delivery}");
        }

        return $"{{{string.Join(", ", parts)}}}";
    }

    internal static IPAddress Host(IPAddress network, byte last)
    {
        var bytes = network.GetAddressBytes();
        bytes[^1] = last;
        return new IPAddress(bytes);
    }

    /// <summary>A YAML single-quoted scalar: only the quote itself is special in it.</summary>
    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
