using System.Text.RegularExpressions;

namespace Mayu.Docs.Tests;

/// <summary>What an operator sees in a real terminal (tmux), at the widths that terminals have.</summary>
/// <param name="server">A server with one machine that runs.</param>
public sealed class TerminalTests(DocumentedServer server) : IClassFixture<DocumentedServer>
{
    private static readonly string[] Commands =
        ["list", "list --fields serial,uuid,mac,ip,machineid,image", "status vm-001", "trace vm-001", "history vm-001", "history --fields", "profiles", "addresses", "explain vm-001"];

    public static TheoryData<int, string> Cases => new(from width in new[] { 80, 100, 200 } from command in Commands select (width, command));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task No_serial_mac_address_or_time_is_broken(int width, string command)
    {
        var isCi = Environment.GetEnvironmentVariable("CI") == "true";
        Assert.SkipUnless((server.IsPossible && File.Exists("/usr/bin/tmux")) || isCi, "needs a network namespace (unshare), ip and tmux");
        var piped = await server.RunAsync($"mayuctl {command}");
        var screen = await server.ScreenAsync($"mayuctl {command}", width);

        var whole = new Regex(@"vm-001|[0-9a-f]{2}(:[0-9a-f]{2}){5}|\d+\.\d+\.\d+\.\d+|\d{4}-\d\d-\d\dT[0-9:]{8}Z|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|configured|installing|running", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        Assert.NotEqual("", screen.Trim());
        Assert.All(screen.Split('\n'), line => Assert.True(line.Length <= width, line));
        // What is a word where a program reads it is a word on the screen, unless its column was left out.
        var words = whole.Matches(screen).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        var expected = whole.Matches(piped.Output).Select(match => match.Value).Distinct().Where(word => !Regex.IsMatch(word, "^\\d{4}-", RegexOptions.None, TimeSpan.FromSeconds(1)) || screen.Contains('T', StringComparison.Ordinal));
        Assert.All(expected.Where(word => !screen.Contains("Not shown", StringComparison.Ordinal) && !screen.Contains(" ago", StringComparison.Ordinal)), word => Assert.Contains(word, words));
        Assert.DoesNotMatch(@"(?m)[0-9a-f]{2}:$|\d{4}-\d\d-?$|\d+\.\d+\.$", screen);
    }
}
