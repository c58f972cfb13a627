using System.Text.Json.Nodes;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Simulate;

/// <summary>What the real `mayuctl simulate` reported of one boot.</summary>
internal sealed class SimulatedBoot(JsonNode report)
{
    private static readonly string[] Told = ["offer", "proxy", "ack"];

    /// <summary>Where it ended.</summary>
    public string Result => (string)report["result"]!;

    /// <summary>The hop that failed; null after a success.</summary>
    public string? StoppedAt => (string?)report["stoppedAt"];

    /// <summary>What to look at; null after a success.</summary>
    public string? Advice => (string?)report["advice"];

    /// <summary>Its hops, in order.</summary>
    public IReadOnlyList<string> Hops => [.. Items.Select(hop => (string)hop!["name"]!)];

    private JsonArray Items => report["hops"]!.AsArray();

    /// <summary>Plays a machine on a host's eth0.</summary>
    /// <param name="host">The host.</param>
    /// <param name="expected">The exit code that it must have.</param>
    /// <param name="words">What the machine is.</param>
    public static async Task<SimulatedBoot> RunAsync(string host, int expected, params string[] words)
    {
        var (exitCode, output) = await TestNetwork.TryAsync(host, [Programs.Mayuctl, "simulate", "--interface", "eth0", "-o", "json", .. words]);
        Assert.True(exitCode == expected, $"{string.Join(' ', words)} ended with {exitCode}: {output}");
        return new SimulatedBoot(JsonNode.Parse(output)!);
    }

    /// <summary>What the hop of a name got, each time that there is one.</summary>
    public IReadOnlyList<string> Details(string hop) => [.. Items.Where(it => (string)it!["name"]! == hop).Select(it => (string)it!["detail"]!)];

    /// <summary>It came to a kernel; every hop that waited for something tells for how long, and every file how large it is.</summary>
    public SimulatedBoot AssertBoots(string kernelFrom)
    {
        Assert.Equal("its kernel starts", Result);
        Assert.Equal("boot", Hops[^1]);
        Assert.Contains(kernelFrom, Assert.Single(Details("kernel")), StringComparison.Ordinal);
        Assert.All(Items, hop => Assert.Equal((string)hop!["name"]! is not ("discover" or "boot"), hop["durationMs"] is not null));
        Assert.All(Items.Where(hop => !Told.Contains((string)hop!["name"]!) && hop["durationMs"] is not null), hop => Assert.NotNull(hop!["bytes"]));
        return this;
    }
}
