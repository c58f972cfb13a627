using System.CommandLine;
using System.CommandLine.Parsing;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Client.Text;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;
using Mayu.Ctl.Selection;

namespace Mayu.Ctl.Commands.Inventory;

/// <summary><c>mayuctl inventory</c>: the machines for other programs: Ansible, and name services.</summary>
internal sealed class InventoryCommand
{
    private readonly Option<bool> _ansible = new("--ansible") { Description = "For Ansible: what an inventory script prints; with -o yaml an inventory file" };

    private readonly Option<bool> _list = new("--list") { Description = "With --ansible: all hosts, as without it. Ansible calls scripts like that" };

    private readonly Option<string?> _host = new("--host") { Description = "With --ansible: the variables of this host only", HelpName = "NAME" };

    private readonly Option<bool> _hosts = new("--hosts") { Description = "A hosts file, for /etc/hosts or dnsmasq's addn-hosts" };

    private readonly Option<string?> _zone = new("--zone")
    {
        Description = "A DNS zone: network.domain of the server, or a reverse zone like 0.0.10.in-addr.arpa",
        HelpName = "ORIGIN",
    };

    private readonly Option<string?> _nameServer = new("--ns") { Description = "With --zone: the zone's name server [default: ns in the domain, with the server's address]", HelpName = "NAME" };

    private readonly MachineSelection _selection = new();
    private readonly CtlSession _session;

    private InventoryCommand(CtlSession session) => _session = session;

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl inventory --ansible
            mayuctl inventory --ansible --profile core -o yaml
            mayuctl inventory --hosts
            mayuctl inventory --zone rack.example
            mayuctl inventory --zone 0.0.10.in-addr.arpa --ns ns1.example.org
            """;
        const string Details = "Print the machines for other programs: as an inventory for Ansible, as a hosts file, or as a DNS zone. Machines without an internal address are left out.";
        var inventory = new InventoryCommand(session);
        var command = new CtlCommand("inventory", "Print the machines for Ansible or DNS", Examples, Details, ["table", "json", "yaml"])
        {
            inventory._ansible, inventory._list, inventory._host, inventory._hosts, inventory._zone, inventory._nameServer,
        };
        inventory._selection.AddTo(command);
        command.Validators.Add(inventory.Check);
        command.SetAction(inventory.RunAsync);
        return command;
    }

    private void Check(CommandResult result)
    {
        var kinds = new[] { _ansible.Name, _hosts.Name, _zone.Name }.Where(name => result.Children.OfType<OptionResult>().Any(option => option.Option.Name == name)).ToList();
        if (kinds.Count != 1)
        {
            result.AddError($"Name one of {_ansible.Name}, {_hosts.Name} and {_zone.Name}{(kinds.Count > 1 ? $", not {string.Join(" and ", kinds)}" : "")}.");
        }
        else if (result.Children.OfType<OptionResult>().FirstOrDefault(option => Needed(option.Option) is { } needed && needed.Name != kinds[0]) is { } stray)
        {
            result.AddError($"{stray.Option.Name} needs {Needed(stray.Option)!.Name}.");
        }
    }

    private Option? Needed(Option option) =>
        option == _list || option == _host ? _ansible
        : option == _nameServer ? _zone
        : null;

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var selector = _selection.Text(parsed);
        return parsed.GetValue(_ansible)
            ? _session.AskAsync(parsed, client => client.ListMachinesAsync(new MachineListRequest { Selector = selector, Fields = AnsibleInventory.Fields }, cancellation), machines => Print(parsed, machines), cancellation)
            : _session.AskAsync(parsed, Ask, Print, cancellation);

        Task<ApiResult<string>> Ask(MayuClient client) => parsed.GetValue(_zone) is { } origin
            ? client.Inventory.GetZoneAsync(origin, parsed.GetValue(_nameServer), selector, cancellation)
            : client.Inventory.GetHostsFileAsync(selector, cancellation);
    }

    private void Print(string text)
    {
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            _session.Console.Out.WriteLine(PrintableText.Escape(line));
        }
    }

    private void Print(ParseResult parsed, IReadOnlyList<Machine> machines)
    {
        var inventory = new AnsibleInventory(machines);
        foreach (var ambiguous in inventory.Ambiguous)
        {
            _session.Console.WriteError($"mayuctl: warning: {PrintableText.Escape(ambiguous)}");
        }

        if (parsed.GetValue(_host) is { } host)
        {
            StructuredPrinter.Print(_session.Console, OutputFormat.Json, inventory.ToHost(host));
        }
        else if (_session.Format(parsed) == OutputFormat.Yaml)
        {
            YamlText.Write(_session.Console.Out, inventory.ToFile(), new YamlTagRule(AnsibleInventory.Unsafe, "!unsafe"));
        }
        else
        {
            StructuredPrinter.Print(_session.Console, OutputFormat.Json, inventory.ToList());
        }
    }
}
