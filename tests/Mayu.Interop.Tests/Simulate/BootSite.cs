using System.Text.Json.Nodes;
using Mayu.Interop.Tests.Beside;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Simulate;

/// <summary>A segment with a Mayu that has a discovery system, so that a boot can go on to its kernel.</summary>
internal sealed class BootSite : IAsyncDisposable
{
    private readonly MayuOnSegment _site;

    private BootSite(MayuOnSegment site) => _site = site;

    public Segment Segment => _site.Segment;

    public MayuServer Mayu => _site.Mayu;

    /// <summary>Makes the segment; the server comes later.</summary>
    /// <param name="configuration">Mayu's configuration file.</param>
    public static async Task<BootSite> PrepareAsync(string configuration)
    {
        var site = await MayuOnSegment.PrepareAsync(configuration);
        var discovery = Directory.CreateDirectory(Path.Combine(site.Mayu.Data, "images", "discovery")).FullName;
        await File.WriteAllTextAsync(Path.Combine(discovery, "vmlinuz"), "kernel");
        await File.WriteAllTextAsync(Path.Combine(discovery, "initrd.cpio.gz"), "initrd");
        // dnsmasq runs as a user of its own.
        await ProgramRun.OrFailAsync("chmod", "755", site.Mayu.Folder);
        return new BootSite(site);
    }

    /// <summary>Starts Mayu, and returns when machines are answered.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="settings">What is set besides: `key=value`.</param>
    public Task StartAsync(string engine, params string[] settings)
    {
        string[] all = [$"engine={engine}", .. settings];
        return Mayu.StartUntilAsync(engine == "dnsmasq" ? "dnsmasq answers" : ": ready", [.. all.SelectMany(setting => new[] { "--set", setting })]);
    }

    /// <summary>What `mayuctl explain` says that one protocol answers.</summary>
    public async Task<string> ExplainAsync(string mac, string firmware, string protocol)
    {
        var loader = protocol.Split('-') is [.., ("http" or "ipxe") and var last] ? last : "pxe";
        var (exitCode, output) = await Mayu.CtlAsync("explain", mac, "--firmware", firmware, "--loader", loader, "-o", "json");
        Assert.True(exitCode == 0, output);
        return (string)JsonNode.Parse(output)!["protocols"]!.AsArray().Single(one => (string)one!["name"]! == protocol)!["detail"]!;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
