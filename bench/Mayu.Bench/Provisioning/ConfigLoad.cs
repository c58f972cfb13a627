using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mayu.Bench.Network;
using Mayu.Bench.Smoke;
using Mayu.Client.Contracts;
using Mayu.Lab;

namespace Mayu.Bench.Provisioning;

/// <summary>Asks with wrk: one machine after the other, over 32 connections that stay open.</summary>
internal sealed partial class ConfigLoad(BenchContext context)
{
    /// <summary>The boot listener.</summary>
    public static readonly string Server = $"http://{BenchNetwork.ServerAddress}:4081";

    private const int Connections = 32;

    /// <summary>Each machine posts its facts.</summary>
    public Task<ConfigRates> FactsAsync(IReadOnlyList<SimulatedMachine> machines, int seconds, int expected, CancellationToken cancellation) => RunAsync(
        machines.Select(machine => $"POST\t/provisioning-config\t{Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(machine.Facts, BootJsonContext.Default.FactsReport))}"),
        seconds, expected, cancellation);

    /// <summary>Each machine's iPXE asks for its script.</summary>
    public Task<ConfigRates> ScriptsAsync(IReadOnlyList<SimulatedMachine> machines, int seconds, CancellationToken cancellation) => RunAsync(
        machines.Select(machine => $"GET\t/ipxebootscript?serial={machine.Serial}&uuid={machine.Uuid:D}&mac={machine.MacWithHyphens}&platform=efi\t"),
        seconds, expected: 200, cancellation);

    /// <exception cref="LabException">An answer was lost, or another than expected.</exception>
    private async Task<ConfigRates> RunAsync(IEnumerable<string> requests, int seconds, int expected, CancellationToken cancellation)
    {
        var (list, script) = (Path.Combine(context.Folder, "requests"), Path.Combine(context.Folder, "load.lua"));
        await File.WriteAllLinesAsync(list, requests, cancellation);
        await File.WriteAllTextAsync(
            script,
            $$"""
            local requests, i = {}, 0
            function init(args)
              for line in io.lines("{{list}}") do
                local method, path, body = line:match("^([^\t]*)\t([^\t]*)\t(.*)$")
                requests[#requests + 1] = wrk.format(method, path, {["Content-Type"] = "application/json"}, #body > 0 and body or nil)
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
            ["--latency", "-t1", string.Create(CultureInfo.InvariantCulture, $"-c{Connections}"), string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"), "-s", script, Server],
            cancellation);
        if (said.Contains("unexpected", StringComparison.Ordinal) || said.Contains("Socket errors", StringComparison.Ordinal) || !Rate().IsMatch(said))
        {
            throw new LabException($"wrk did not get {expected} each time:\n{said[..Math.Min(said.Length, 2000)]}");
        }

        return new ConfigRates(double.Parse(Rate().Match(said).Groups["value"].Value, CultureInfo.InvariantCulture), Latency(said, "50%"), Latency(said, "99%"));
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
internal sealed record ConfigRates(double PerSecond, double Median, double Slow);
