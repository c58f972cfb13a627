using System.CommandLine;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Client.Text;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl explain</c>: what a machine would be answered if it booted now, and why.</summary>
internal sealed class ExplainCommand
{
    private static readonly Column Detail = new("detail") { Wraps = true };

    private readonly Argument<string> _machine = new("machine") { Description = "Its serial, its beginning, or a MAC; the machine need not be known" };
    private readonly Option<string?> _firmware = new("--firmware")
    {
        Description = "Its firmware: bios, uefi-x64, uefi-ia32, uefi-arm64, … [default: from its facts, else uefi-x64]",
        HelpName = "NAME",
    };

    private readonly Option<string?> _loader = new("--loader")
    {
        Description = "The program that asks: pxe or http (firmware), ipxe, grub or pxelinux; also prints its script [default: all]",
        HelpName = "NAME",
    };

    private readonly Option<string?> _mac = new("--mac") { Description = "The MAC of the interface it boots from [default: its first one]", HelpName = "MAC" };
    private readonly Option<string?> _uuid = new("--uuid") { Description = "The UUID that it sends [default: the one in its record]", HelpName = "UUID" };
    private readonly Option<string?> _network = new("--network")
    {
        Description = "Where it boots: an interface of the server, a subnet, a relay, or an address in a subnet [default: where it was seen last, else every network]",
        HelpName = "NAME",
    };

    private readonly CtlSession _session;

    private ExplainCommand(CtlSession session)
    {
        _session = session;
        _loader.AcceptOnlyFromAmong("pxe", "http", "ipxe", "grub", "pxelinux");
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl explain vm-001
            mayuctl explain vm-001 --loader ipxe
            mayuctl explain 52:54:00:00:00:07 --firmware bios
            mayuctl explain vm-001 --firmware uefi-arm64 --loader grub
            mayuctl explain 52:54:00:00:00:07 --network eth2
            mayuctl explain 52:54:00:00:00:07 --network 10.2.0.1 --loader pxe
            mayuctl explain vm-001 -o json | jq '.protocols[] | {name, answers}'
            """;
        var explain = new ExplainCommand(session);
        var command = new CtlCommand("explain", "Show what a machine would get, and why", Examples, "Show what Mayu would answer a machine that boots now, and why. Nothing is changed.")
        {
            explain._machine, explain._firmware, explain._loader, explain._mac, explain._uuid, explain._network,
        };
        command.SetAction(explain.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => _session.AskAsync(
        parsed,
        client => ExplainAsync(parsed, client, parsed.GetRequiredValue(_machine), cancellation),
        explanation => _session.Show(
            parsed, explanation, ApiJsonContext.Default.Explanation, () =>
            {
                if (explanation.NeverSeen)
                {
                    _session.WriteLine($"Nobody has asked as '{parsed.GetValue(_machine)}' since the server started, and no record has that name. This is what a new machine would get.");
                }

                Tell(explanation, withText: parsed.GetValue(_loader) is not null);
            }),
        cancellation);

    private async Task<ApiResult<Explanation>> ExplainAsync(ParseResult parsed, MayuClient client, string name, CancellationToken cancellation)
    {
        var explanation = await AskAsync(name);
        if (explanation.Value is not { NeverSeen: true })
        {
            return explanation;
        }

        // A machine that nobody knows may be explained: only a name that means another one, or several, is taken for that.
        var found = await client.FindMachineAsync(name, cancellation);
        return found.Value is { } machine ? await AskAsync(machine.Serial)
            : found.Failure is { Kind: ApiFailureKind.Ambiguous } ? await found.ThenAsync(it => AskAsync(it.Serial))
            : MachineName.TryParseMac(name, out var mac) && mac != name ? await AskAsync(mac)
            : explanation;

        Task<ApiResult<Explanation>> AskAsync(string machine) => client.ExplainAsync(
            machine, parsed.GetValue(_firmware), parsed.GetValue(_loader), parsed.GetValue(_mac) is { } given ? MachineName.UsualMac(given) : null, parsed.GetValue(_uuid),
            parsed.GetValue(_network), cancellation);
    }

    private void Tell(Explanation explanation, bool withText)
    {
        var who = explanation.Serial ?? "unknown machine";
        var state = explanation.State is { } known ? $"state {known}, profile {explanation.Profile ?? "none"}" : "no record";
        var engine = explanation.Mode is { } mode ? $"{explanation.Engine} (dhcp.mode {mode})" : explanation.Engine;
        _session.WriteLine($"{who}, {state}, MAC {explanation.MacAddress ?? "unknown"}, firmware {explanation.Firmware}, engine {engine}");
        _session.WriteLine($"Boot answer: {explanation.Answer}, because {explanation.Reason}.");
        foreach (var pin in explanation.Pins)
        {
            var kept = new[] { pin.Profile is { } profile ? $"profile {profile}" : null, pin.Address is { } address ? $"address {address}" : null };
            _session.WriteLine($"Pin {pin.Key}: {string.Join(" and ", kept.OfType<string>())} when it registers.");
        }

        var hasNetworks = explanation.Protocols.Any(protocol => protocol.Network is not null);
        TablePrinter.Print(
            _session.Console,
            hasNetworks ? ["protocol", "network", "answers", Detail] : ["protocol", "answers", Detail],
            [.. explanation.Protocols.Select(protocol => RowOf(protocol, hasNetworks))]);
        foreach (var protocol in withText ? explanation.Protocols.Where(protocol => protocol.Text is not null) : [])
        {
            _session.WriteLine("");
            foreach (var line in protocol.Text!.Split('\n'))
            {
                _session.Console.Out.WriteLine(PrintableText.Escape(line));
            }
        }
    }

    private static Cell[] RowOf(ExplainedProtocol protocol, bool hasNetworks)
    {
        Cell[] rest = [new(protocol.Answers ? "yes" : "no", protocol.Failing ? StateColors.Problem : null), new(protocol.Detail)];
        return hasNetworks ? [new(protocol.Name), new(protocol.Network ?? ""), .. rest] : [new(protocol.Name), .. rest];
    }
}
