using System.Globalization;
using System.Text.RegularExpressions;
using Mayu.Bench.Network;
using Mayu.Lab;

namespace Mayu.Bench.Dhcp;

/// <summary>One run of <c>perfdhcp</c>, Kea's load generator, which speaks as a relay.</summary>
/// <param name="Exchanges">Whole exchanges.</param>
/// <param name="Lost">The share that was lost of all that was asked, 0 to 1.</param>
/// <param name="Seconds">How long it asked.</param>
internal sealed partial record PerfDhcp(long Exchanges, double Lost, double Seconds)
{
    /// <summary>Gives the clients' end the relay's address, and each end a way to the other.</summary>
    public static async Task PrepareAsync(BenchNetwork network, CancellationToken cancellation)
    {
        await network.AddClientNetworkAsync($"{BenchLeases.Relay}/16", BenchLeases.Subnet, cancellation);
    }

    /// <summary>Runs it.</summary>
    /// <param name="network">Where.</param>
    /// <param name="clients">How many clients take turns.</param>
    /// <param name="rate">Exchanges that are begun a second.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="LabException">It measured nothing.</exception>
    public static async Task<PerfDhcp> RunAsync(BenchNetwork network, int clients, int rate, int seconds, CancellationToken cancellation)
    {
        string[] arguments =
        [
            "-4", "-l", BenchLeases.Relay, "-r", Text(rate), "-R", Text(clients), "-p", Text(seconds), "-W", "500000", BenchNetwork.ServerAddress.ToString(),
        ];
        // Exit code 3 says that packets were lost, which is what is being looked for.
        var said = await network.RunClientAsync("perfdhcp", arguments, cancellation);
        var sent = Numbers(Sent(), said);
        var received = Numbers(Received(), said);
        if (sent.Count < 2 || received.Count < 2 || sent[0] == 0)
        {
            throw new LabException($"perfdhcp measured nothing:\n{said}");
        }

        // DISCOVER and OFFER, then REQUEST and ACK.
        return new PerfDhcp(received[1], 1 - ((double)received[1] / sent[0]), seconds);
    }

    private static List<long> Numbers(Regex pattern, string said) =>
        [.. pattern.Matches(said).Select(match => long.Parse(match.Groups["it"].Value, CultureInfo.InvariantCulture))];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"sent packets: (?<it>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sent();

    [GeneratedRegex(@"received packets: (?<it>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Received();
}
