using System.CommandLine;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands;

/// <summary>What is kept for machines to come: <c>mayuctl pin</c>, <c>reserve</c>, <c>unpin</c> and <c>pins</c>.</summary>
internal sealed class PinCommands(CtlSession session)
{
    private readonly Argument<string> _key = new("key") { Description = "serial:SERIAL, uuid:UUID or mac:MAC; without a prefix, a MAC or a UUID is recognised by its form" };
    private readonly Option<string?> _reason = CommonOptions.Reason();

    /// <summary>Makes the commands.</summary>
    public static IEnumerable<Command> Create(CtlSession session)
    {
        var pins = new PinCommands(session);
        return [pins.Pin(), pins.Reserve(), pins.Unpin(), pins.List()];
    }

    private CtlCommand Pin()
    {
        const string Examples = """
            mayuctl pin vm-007 --profile core
            mayuctl pin mac:52:54:00:00:00:07 --profile storage --reason "big disks"
            """;
        var profile = new Option<string>("--profile") { Description = "The profile that it will get", HelpName = "NAME", Required = true };
        var command = new CtlCommand("pin", "Reserve a profile slot for a new machine", Examples, "Reserve a slot of a profile for a machine that has no record yet.", formats: CtlCommand.OfOne) { _key, profile, _reason };
        command.SetAction((parsed, cancellation) => SetAsync(
            parsed,
            new PinRequest { Profile = parsed.GetRequiredValue(profile) },
            pin =>
            {
                session.WriteLine($"{pin.Key} gets profile {pin.Profile}{(pin.Address is { } address ? $" and address {address}" : "")} when it registers");
                if (pin.Warning is { } warning)
                {
                    session.Console.WriteError($"mayuctl: warning: {warning}");
                }
            },
            cancellation));
        return command;
    }

    private CtlCommand Reserve()
    {
        const string Examples = """
            mayuctl reserve vm-007 10.0.0.77
            mayuctl reserve mac:52:54:00:00:00:07 10.0.0.77
            """;
        var address = new Argument<string>("address") { Description = "A free address of the internal pool" };
        var command = new CtlCommand("reserve", "Reserve an address for a new machine", Examples, "Reserve an internal address for a machine that has no record yet.", formats: CtlCommand.OfOne) { _key, address, _reason };
        command.SetAction((parsed, cancellation) => SetAsync(
            parsed,
            new PinRequest { Address = parsed.GetRequiredValue(address) },
            pin => session.WriteLine($"{pin.Key} gets address {pin.Address}{(pin.Profile is { } profile ? $" and profile {profile}" : "")} when it registers"),
            cancellation));
        return command;
    }

    private CtlCommand Unpin()
    {
        const string Examples = """
            mayuctl unpin vm-007
            mayuctl unpin mac:52:54:00:00:00:07 --reason "it was sent back"
            """;
        var command = new CtlCommand("unpin", "Remove a pin or a reserved address", Examples, "Remove a pin. This frees its slot and its address.", formats: CtlCommand.OfOne) { _key, _reason };
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.Pins.RemoveAsync(Key(parsed), parsed.GetValue(_reason), cancellation),
            pin => session.Show(parsed, pin, ApiJsonContext.Default.Pin, () => session.WriteLine($"{pin.Key} is no longer pinned"), it => it.Key),
            cancellation));
        return command;
    }

    private CtlCommand List()
    {
        const string Examples = """
            mayuctl pins
            mayuctl pins -o json | jq -r '.[].key'
            """;
        var command = new CtlCommand("pins", "List the pins and reserved addresses", Examples, "List the profiles and addresses reserved for machines that have no record yet.", formats: CtlCommand.OfNames);
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.Pins.ListAsync(cancellation),
            pins => session.Show(parsed, pins, ApiJsonContext.Default.Pin, () => Print(parsed, pins), pin => pin.Key),
            cancellation));
        return command;
    }

    // Twelve digits without a prefix may be a serial.
    private string Key(ParseResult parsed)
    {
        const string Mac = "mac:";
        var key = parsed.GetRequiredValue(_key);
        return key.StartsWith(Mac, StringComparison.OrdinalIgnoreCase) ? Mac + MachineName.UsualMac(key[Mac.Length..])
            : key.Contains('.') && MachineName.TryParseMac(key, out var mac) ? Mac + mac
            : key;
    }

    private Task<int> SetAsync(ParseResult parsed, PinRequest request, Action<Pin> tell, CancellationToken cancellation) => session.AskAsync(
        parsed,
        client => client.Pins.SetAsync(Key(parsed), request with { Reason = parsed.GetValue(_reason) }, cancellation),
        pin => session.Show(parsed, pin, ApiJsonContext.Default.Pin, () => tell(pin), it => it.Key),
        cancellation);

    private void Print(ParseResult parsed, IReadOnlyList<Pin> pins)
    {
        if (pins.Count == 0)
        {
            session.Console.WriteError("Nothing is pinned.");
            return;
        }

        TablePrinter.Print(session.TableOf(parsed), ["key", "profile", "address"], [.. pins.Select(pin => new Cell[] { new(pin.Key), new(pin.Profile), new(pin.Address) })]);
    }
}
