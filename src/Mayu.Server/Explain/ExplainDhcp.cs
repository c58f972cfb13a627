using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Explain;
using Mayu.Protocols.Pxe;
using Mayu.Server.BootHttp;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Explain;

/// <summary>
/// What DHCP would answer: on each network that is asked about, by the engine that answers there, in the role that it has: server, proxy, or
/// in mode auto the one that was found to be right.
/// </summary>
internal sealed class ExplainDhcp(BootContext boot, IBootEngine engine)
{
    /// <summary>The protocols that speak DHCP.</summary>
    public IEnumerable<Contracts.ExplainedProtocol> Protocols(ExplainQuestion question, Func<string, bool> isAsked)
    {
        foreach (var network in question.Networks)
        {
            var roles = RolesOn(network);
            foreach (var protocol in roles.SelectMany(role => ProtocolsOf(question, network, role, isAsked)))
            {
                yield return protocol;
            }

            if (isAsked("dhcp") && BootServer(question, network, roles) is { } bootServer)
            {
                yield return bootServer;
            }
        }
    }

    // What is served in every role is said once, and without one.
    private Contracts.ExplainedProtocol? BootServer(ExplainQuestion question, ExplainedNetwork network, Role[] roles)
    {
        var served = roles.Select(In).OfType<Contracts.ExplainedProtocol>().ToList();
        return served.Count == roles.Length ? In(roles[0] with { When = "" }) : served.FirstOrDefault();

        Contracts.ExplainedProtocol? In(Role role) => Protocol(
            "port-4011", question, network, role, PxeClientKind.Pxe, question.Architecture, client => engine.Explained.BootServer(network, client, role.IsProxy));
    }

    private IEnumerable<Contracts.ExplainedProtocol> ProtocolsOf(ExplainQuestion question, ExplainedNetwork network, Role role, Func<string, bool> isAsked)
    {
        foreach (var (suffix, kind, architecture) in new[]
        {
            ("", PxeClientKind.Pxe, question.Architecture),
            ("-http", PxeClientKind.HttpBoot, ClientArchitectureName.OverHttp(question.Architecture)),
            ("-ipxe", PxeClientKind.Ipxe, question.Architecture),
        })
        {
            // Loaders are asked about by the name that a server's protocol has.
            if (isAsked("dhcp" + suffix))
            {
                var name = (role.IsProxy ? "proxy" : "dhcp") + suffix;
                yield return Protocol(name, question, network, role, kind, architecture, client => engine.Explained.Dhcp(network, client, role.IsProxy))!;
            }
        }
    }

    private Contracts.ExplainedProtocol? Protocol(
        string name, ExplainQuestion question, ExplainedNetwork network, Role role, PxeClientKind kind, ClientArchitecture architecture,
        Func<ExplainedClient, ExplainedAnswer?> ask)
    {
        var answer = question.Mac is { } mac
            ? ask(new ExplainedClient(mac, kind, architecture, question.Uuid))
            : new ExplainedAnswer(false, "nothing: its MAC is unknown, and DHCP identifies clients by MAC");
        var trouble = engine.Trouble is { } problem ? $". At the moment it does not: {problem}" : "";
        return answer is not { } said ? null : new Contracts.ExplainedProtocol
        {
            Name = name,
            Network = boot.Configuration.Netboot.Subnets.IsEmpty ? null : network.Name,
            Answers = said.Answers && trouble.Length == 0,
            Detail = role.When + said.Detail + trouble,
        };
    }

    private Role[] RolesOn(ExplainedNetwork network)
    {
        if (boot.Configuration.Netboot.Engine == EngineKind.External || boot.Configuration.Netboot.Dhcp.Mode != DhcpMode.Auto)
        {
            return [new Role(boot.Configuration.Netboot.Dhcp.Mode == DhcpMode.Proxy, "")];
        }

        return engine.FindingOn(network.Settings.Interface) switch
        {
            { GivesAddresses: true } => [new Role(false, "no other DHCP server answers, so ")],
            { IsDecided: true, Others: var others } => [new Role(true, $"next to the DHCP server {string.Join(", ", others)}: ")],
            _ => [new Role(true, "while Mayu looks for another DHCP server: "), new Role(false, "if there is none: ")],
        };
    }

    /// <summary>A role that DHCP has on a network.</summary>
    /// <param name="IsProxy">Whether another server gives the addresses.</param>
    /// <param name="When">When it has it, as the beginning of a sentence; empty: always.</param>
    private readonly record struct Role(bool IsProxy, string When);
}
