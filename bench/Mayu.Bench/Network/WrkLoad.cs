using System.Globalization;
using System.Text.RegularExpressions;
using Mayu.Lab;

namespace Mayu.Bench.Network;

/// <summary>Asks with wrk: one request after the other, over connections that stay open.</summary>
/// <param name="context">Where.</param>
/// <param name="server">The server's URL, without a path.</param>
/// <param name="connections">How many connections.</param>
internal sealed partial class WrkLoad(BenchContext context, string server, int connections)
{
    // wrk calls an answer lost that takes longer: a list of 10,000 machines has 40 MB.
    private const string Patience = "20s";

    /// <summary>What each request has in its head besides what HTTP demands; none has quotes.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["Content-Type"] = "application/json" };

    /// <summary>Asks, again and again, beginning somewhere.</summary>
    /// <param name="requests">Method, path and body, without line ends and tabs.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="expected">The status that each is answered.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="LabException">An answer was lost, or another than expected.</exception>
    public async Task<AnswerRates> RunAsync(IEnumerable<(string Method, string Path, string Body)> requests, int seconds, int expected, CancellationToken cancellation)
    {
        var (list, script) = (Path.Combine(context.Folder, "requests"), Path.Combine(context.Folder, "load.lua"));
        await File.WriteAllLinesAsync(list, requests.Select(request => $"{request.Method}\t{request.Path}\t{request.Body}"), cancellation);
        await File.WriteAllTextAsync(
            script,
            $$"""
            local requests, i = {}, 0
            function init(args)
              for line in io.lines("{{list}}") do
                local method, path, body = line:match("^([^\t]*)\t([^\t]*)\t(.*)$")
                requests[#requests + 1] = wrk.format(method, path, {{{string.Join(", ", Headers.Select(header => $"[\"{header.Key}\"] = \"{header.Value}\""))}}}, #body > 0 and body or nil)
              end
              math.randomseed(os.time())
              i = math.random(#requests)
            end
            function request()
              i = i % #requests + 1
              return requests[i]
            end
            function response(status)
              if status ~= {{expected}} then print("unexpected " .. status) wrk.thread:stop() end
            end

            """,
            cancellation);
        var said = await context.Network.RunClientAsync(
            "wrk",
            ["--latency", "--timeout", Patience, "-t1", string.Create(CultureInfo.InvariantCulture, $"-c{connections}"), string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"), "-s", script, server],
            cancellation);
        if (said.Contains("unexpected", StringComparison.Ordinal) || said.Contains("Socket errors", StringComparison.Ordinal) || !Rate().IsMatch(said))
        {
            throw new LabException($"wrk did not get {expected} each time:\n{said[..Math.Min(said.Length, 2000)]}");
        }

        return new AnswerRates(double.Parse(Rate().Match(said).Groups["value"].Value, CultureInfo.InvariantCulture), Latency(said, "50%"), Latency(said, "99%"));
    }

    // "    99%    1.35ms"
    private static double Latency(string said, string part)
    {
        var match = Regex.Match(said, $@"^\s*{part}\s+(?<value>[0-9.]+)(?<unit>us|ms|s)\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        return double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture) * match.Groups["unit"].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };
    }

    [GeneratedRegex(@"^Requests/sec:\s+(?<value>[0-9.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();
}

/// <summary>What wrk measured.</summary>
/// <param name="PerSecond">Answers a second.</param>
/// <param name="Median">Time to the answer, half of them, in ms.</param>
/// <param name="Slow">The same of 99 in 100.</param>
internal sealed record AnswerRates(double PerSecond, double Median, double Slow);
