using Mayu.Bench.Network;
using Mayu.Bench.Store;

namespace Mayu.Bench.Api;

/// <summary>Operators' requests, over TLS.</summary>
/// <param name="context">Where.</param>
/// <param name="token">What lets them in.</param>
/// <param name="machines">How many machines there are.</param>
internal sealed class ApiLoad(BenchContext context, string token, int machines)
{
    /// <summary>The API.</summary>
    public static readonly string Server = $"https://{BenchNetwork.ServerAddress}:4080";

    private static readonly string[] Cabinets = ["1", "2"];

    /// <summary>All machines, over four connections.</summary>
    public Task<AnswerRates> ListAsync(int seconds, CancellationToken cancellation) => Load(4).RunAsync([("GET", "/api/v1/machines", "")], seconds, expected: 200, cancellation);

    /// <summary>One machine after the other, over 32 connections.</summary>
    public Task<AnswerRates> OneAsync(int seconds, CancellationToken cancellation) =>
        Load(32).RunAsync(Machines().Select(name => ("GET", $"/api/v1/machines/{name}", "")), seconds, expected: 200, cancellation);

    /// <summary>A change of one machine after the other, which is durable when it is answered, over 32 connections.</summary>
    public Task<AnswerRates> ChangeAsync(int seconds, CancellationToken cancellation) => Load(32).RunAsync(
        // Twice each, so that the second time is a change too.
        Cabinets.SelectMany(cabinet => Machines().Select(name => ("PATCH", $"/api/v1/machines/{name}", $$"""{"cabinet":"{{cabinet}}"}"""))),
        seconds, expected: 200, cancellation);

    private IEnumerable<string> Machines() => Enumerable.Range(0, machines).Select(StoreKeeper.NameOf);

    private WrkLoad Load(int connections) => new(context, Server, connections)
    {
        Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Content-Type"] = "application/json", ["Authorization"] = $"Bearer {token}" },
    };
}
