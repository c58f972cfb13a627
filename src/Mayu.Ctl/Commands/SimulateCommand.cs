using System.CommandLine;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text.Json;
using Mayu.Client;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;
using Mayu.Ctl.Simulate;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl simulate</c>: plays a machine over the real sockets, against any engine or an existing environment.</summary>
internal sealed class SimulateCommand
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AtMost = TimeSpan.FromMinutes(30);

    private readonly Option<string> _interface = new("--interface", "-i") { Description = "The network interface it boots from", HelpName = "NAME", Required = true };
    private readonly Option<string> _firmware = new("--firmware")
    {
        Description = "Its firmware: bios, uefi-x64, uefi-ia32, uefi-arm64, …; for UEFI HTTP boot uefi-x64-http, …",
        HelpName = "NAME",
        DefaultValueFactory = _ => "uefi-x64",
    };

    private readonly Option<string> _loader = new("--loader")
    {
        Description = "Its network ROM: pxe, or ipxe if the ROM contains iPXE",
        HelpName = "pxe|ipxe",
        DefaultValueFactory = _ => "pxe",
    };

    private readonly Option<string?> _mac = new("--mac") { Description = "Its MAC [default: a random one]", HelpName = "MAC" };
    private readonly Option<string?> _serial = new("--serial") { Description = "Its serial [default: simulated-MAC]", HelpName = "TEXT" };
    private readonly Option<string?> _uuid = new("--uuid") { Description = "Its UUID [default: derived from its MAC]", HelpName = "UUID" };
    private readonly Option<bool> _proxy = new("--proxy") { Description = "Require an answer from a proxyDHCP server as well" };
    private readonly Option<bool> _register = new("--register") { Description = "Simulate the discovery system too: send facts, so that the server creates a record" };
    private readonly CtlSession _session;

    private SimulateCommand(CtlSession session)
    {
        _session = session;
        _loader.AcceptOnlyFromAmong("pxe", "ipxe");
        Check(_firmware, text => ClientArchitectureName.TryParse(text, out _), $"is not a firmware. The values are: {string.Join(", ", ClientArchitectureName.All.Select(ClientArchitectureName.Of))}");
        Check(_mac, text => TryParseMac(MachineName.UsualMac(text), out _), "is not a MAC address");
        Check(_uuid, text => Guid.TryParseExact(text, "D", out _), "is not a UUID");
        Check(_interface, text => text.Length is > 0 and < 16, "is not an interface name");
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl simulate --interface eth1
            mayuctl simulate --interface eth1 --firmware bios
            mayuctl simulate --interface eth1 --firmware uefi-x64-http
            mayuctl simulate -i eth1 --mac 52:54:00:00:00:07 --serial vm-007
            mayuctl simulate --interface eth1 --proxy -o json
            """;
        var simulate = new SimulateCommand(session);
        var command = new CtlCommand(
            "simulate",
            "Simulate a machine booting",
            Examples,
            "Simulate a machine that boots from the network, with real DHCP, TFTP and HTTP packets, and print each hop with its result, size and duration. Works "
            + "with any DHCP server. Needs root, for port 68 and to put the machine's address on the interface meanwhile. Nothing is installed. Exits 0 if a real "
            + "machine would continue, else 1: then the last lines name the hop that failed, and the usual cause. If nothing answers, Mayu's API is asked whether "
            + "that is right (a machine with a system and localboot: silent); without access to the API it exits 1.")
        {
            simulate._interface, simulate._firmware, simulate._loader, simulate._mac, simulate._serial, simulate._uuid, simulate._proxy, simulate._register,
        };
        command.SetAction(simulate.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var machine = MachineOf(parsed);
        var name = parsed.GetRequiredValue(_interface);
        if (!Array.Exists(NetworkInterface.GetAllNetworkInterfaces(), nic => nic.Name == name))
        {
            _session.Console.WriteError($"mayuctl: there is no interface {name}: 'ip link' lists them");
            return ExitCode.Usage;
        }

        var isTable = _session.Format(parsed) == OutputFormat.Table;
        if (isTable)
        {
            _session.WriteLine($"{ClientArchitectureName.Of(machine.Architecture)} {machine.HardwareAddress}, serial {machine.Serial}, UUID {machine.Uuid:D}, on {name}");
        }

        var options = new SimulationOptions(
            _session.Timeout(parsed) ?? DefaultPatience, parsed.GetValue(_proxy), parsed.GetValue(_register), ReleasesLease: parsed.GetValue(_mac) is null);
        var log = new HopLog(_session.Console.Time, hop => Tell(isTable, hop));
        await using var network = new BootNetwork(name);
        using var simulation = new Simulation(machine, network, options, log);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ended.CancelAfter(AtMost);
        try
        {
            Tell(parsed, machine, log, failure: null, HopLog.Cut(await simulation.RunAsync(ended.Token)));
            return ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            var hop = log.Hops is [.., var last] ? last.Name : "discover";
            return cancellation.IsCancellationRequested
                ? Fail(parsed, machine, log, new SimulationFailure(hop, "it was interrupted", "the hop named here is the last one that was reached"), ExitCode.Interrupted)
                : Fail(parsed, machine, log, new SimulationFailure(hop, $"it took longer than {AtMost.TotalMinutes:0} minutes", "the server or the network is very slow"), ExitCode.Failed);
        }
        catch (SimulationFailure failure)
        {
            if (failure.IsSilence && await OwnDiskAsync(parsed, machine, cancellation) is { } reason)
            {
                log.Add("silent", failure.Message);
                Tell(parsed, machine, log, failure: null, HopLog.Cut($"its own disk starts, since Mayu does not answer it on purpose ({reason})"));
                return ExitCode.Ok;
            }

            return Fail(parsed, machine, log, failure, ExitCode.Failed);
        }
    }

    // On the wire silence has no reason. Mayu may know it, if this host may ask.
    private async Task<string?> OwnDiskAsync(ParseResult parsed, SimulatedMachine machine, CancellationToken cancellation)
    {
        var explained = await _session.TryAskAsync(
            parsed, client => client.ExplainAsync(machine.HardwareAddress.ToString(), uuid: machine.Uuid.ToString("D"), cancellation: cancellation), cancellation);
        return explained is { Answer: "local-disk", Reason: var reason } ? reason : null;
    }

    private int Fail(ParseResult parsed, SimulatedMachine machine, HopLog log, SimulationFailure failure, int exitCode)
    {
        log.Add("failed", $"{failure.Hop}: {failure.Message}");
        Tell(parsed, machine, log, failure, failure.Message);
        return exitCode;
    }

    private void Tell(ParseResult parsed, SimulatedMachine machine, HopLog log, SimulationFailure? failure, string result)
    {
        if (_session.Format(parsed) is not OutputFormat.Table and var format)
        {
            var report = new SimulationReport
            {
                Ok = failure is null,
                Result = result,
                StoppedAt = failure?.Hop,
                Advice = failure?.Advice,
                MacAddress = machine.HardwareAddress.ToString(),
                Serial = machine.Serial,
                Uuid = machine.Uuid.ToString("D"),
                Firmware = ClientArchitectureName.Of(machine.Architecture),
                Hops = log.Hops,
            };
            StructuredPrinter.Print(_session.Console, format, JsonSerializer.SerializeToNode(report, SimulationJsonContext.Default.SimulationReport)!);
        }
        else
        {
            _session.WriteLine(failure is null ? $"It boots: {result}." : $"  Hint: {failure.Advice}");
        }
    }

    private void Tell(bool isTable, SimulatedHop hop)
    {
        if (isTable)
        {
            var took = hop.DurationMs is { } ms ? $"{ms:0.0} ms" : "";
            _session.Console.WriteRow($"{hop.Name,-11}  {took,11}  {(hop.Bytes is { } bytes ? SizeText.Format(bytes) : ""),10}  ", hop.Detail);
        }
    }

    private SimulatedMachine MachineOf(ParseResult parsed)
    {
        byte[] mac = parsed.GetValue(_mac) is { } text && TryParseMac(MachineName.UsualMac(text), out var given) ? given : [.. Simulated.MacPrefix, .. RandomNumberGenerator.GetBytes(3)];
        return new SimulatedMachine
        {
            Mac = mac,
            Serial = parsed.GetValue(_serial) ?? $"{Simulated.SerialPrefix}{Convert.ToHexStringLower(mac)}",
            Uuid = parsed.GetValue(_uuid) is { } uuid ? Guid.ParseExact(uuid, "D") : new Guid(0x4d617975, 0x5349, 0x4d55, [0x8a, 0, .. mac]),
            Architecture = ClientArchitectureName.TryParse(parsed.GetRequiredValue(_firmware), out var architecture) ? architecture : default,
            StartsAsIpxe = parsed.GetRequiredValue(_loader) == "ipxe",
        };
    }

    private static bool TryParseMac(string text, out byte[] mac)
    {
        mac = new byte[6];
        return text.Length == 17 && text.Split(text[2]) is { Length: 6 } && text[2] is ':' or '-'
            && Convert.FromHexString(text.Replace(":", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal), mac, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == 6 && (mac[0] & 1) == 0 && mac.Any(octet => octet != 0);
    }

    private static void Check<T>(Option<T> option, Func<string, bool> isRight, string problem) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }] && !isRight(text))
        {
            result.AddError($"{option.Name} '{text}' {problem}.");
        }
    });
}
