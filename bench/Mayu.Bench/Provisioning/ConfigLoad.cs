using System.Text;
using System.Text.Json;
using Mayu.Bench.Network;
using Mayu.Bench.Smoke;
using Mayu.Client.Contracts;

namespace Mayu.Bench.Provisioning;

/// <summary>Asks with wrk: one machine after the other, over 32 connections that stay open.</summary>
internal sealed class ConfigLoad(BenchContext context)
{
    /// <summary>The boot listener.</summary>
    public static readonly string Server = $"http://{BenchNetwork.ServerAddress}:4081";

    private readonly WrkLoad _load = new(context, Server, connections: 32);

    /// <summary>Where a machine's iPXE asks for its script.</summary>
    public static string ScriptPath(SimulatedMachine machine) => $"/ipxebootscript?serial={machine.Serial}&uuid={machine.Uuid:D}&mac={machine.MacWithHyphens}&platform=efi";

    /// <summary>Each machine posts its facts.</summary>
    public Task<AnswerRates> FactsAsync(IReadOnlyList<SimulatedMachine> machines, int seconds, int expected, CancellationToken cancellation) => _load.RunAsync(
        machines.Select(machine => ("POST", "/provisioning-config", Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(machine.Facts, BootJsonContext.Default.FactsReport)))),
        seconds, expected, cancellation);

    /// <summary>Each machine's iPXE asks for its script.</summary>
    public Task<AnswerRates> ScriptsAsync(IReadOnlyList<SimulatedMachine> machines, int seconds, CancellationToken cancellation) => _load.RunAsync(
        machines.Select(machine => ("GET", ScriptPath(machine), "")),
        seconds, expected: 200, cancellation);
}
