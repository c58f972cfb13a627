using System.Diagnostics;
using System.Globalization;
using System.Net;
using Mayu.Netboot.Tftp;

namespace Mayu.Netboot.Tests.Tftp;

/// <summary>
/// curl, tftp-hpa and atftp, as they are, over a network that loses, reorders and doubles one packet in twenty each. The server is the real one
/// but for its patience: with the second that it has in the field, each lost packet would take a second of the test.
/// </summary>
public sealed class TftpClientsOverLossTests
{
    private static readonly TftpSettings Hasty = new() { FirstTimeout = TimeSpan.FromMilliseconds(20), IdleTimeout = TimeSpan.FromSeconds(30) };

    private static bool Full => Environment.GetEnvironmentVariable("TEST_LEVEL") == "full";

    public static TheoryData<string, bool> Clients
    {
        get
        {
            var clients = new TheoryData<string, bool> { { "curl", true }, { "curl", false }, { "tftp", true }, { "tftp", false }, { "atftp", true } };
            if (Full)
            {
                // It takes a second for each lost packet.
                clients.Add("atftp", false);
            }

            return clients;
        }
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_file_arrives_whole(string program, bool singlePort)
    {
        await using var server = new LoopbackTftp(Hasty with { SinglePort = singlePort });
        var content = server.Put("file", Full ? 4_000_000 : 250_000);
        await using var relay = new LossyRelay(server.EndPoint, loss: 0.05, seed: 20261125 + program.Length);
        var got = Path.Combine(Path.GetDirectoryName(server.PathOf("file"))!, "got");

        await RunAsync(program, Arguments(program, relay.EndPoint, got));

        var received = await File.ReadAllBytesAsync(got, TestContext.Current.CancellationToken);
        Assert.True(content.AsSpan().SequenceEqual(received), $"what {program} got differs");
        Assert.True(relay.Lost > 0 && relay.Overtaken > 0 && relay.Doubled > 0, $"{relay.Lost} were lost, {relay.Overtaken} overtaken, {relay.Doubled} doubled");
    }

    private static string[] Arguments(string program, IPEndPoint server, string got)
    {
        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        return program switch
        {
            // Its option `timeout` would have the server wait five seconds for each packet that was lost.
            "curl" => ["-sS", "--max-time", "120", "--tftp-no-options", $"tftp://{server}/file", "-o", got],
            "tftp" => ["-m", "binary", "127.0.0.1", port, "-c", "get", "file", got],
            // It says again what it has when it heard nothing for a second, and at nothing else: so not in windows, in few blocks, and from a server
            // that does not talk all the time.
            _ => ["--option", "blksize 8192", "--option", "timeout 2", "--tftp-timeout", "1", "-g", "-r", "file", "-l", got, "127.0.0.1", port],
        };
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {string.Concat(said)}");
    }
}
