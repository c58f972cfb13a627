using Mayu.Core.Inventory;
using Mayu.Core.Machines;
using Mayu.Core.Selection;
using Mayu.Primitives;
using Mayu.Server.Access;
using Mayu.Server.Api.Queries;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mayu.Server.Api.Inventory;

/// <summary>The machines' names for name services: as a hosts file, and as zones of the DNS.</summary>
/// <param name="store">The machines.</param>
/// <param name="domain">The domain of the network; null: none.</param>
/// <param name="server">This server's address.</param>
/// <param name="clock">The time.</param>
internal sealed class NameEndpoints(IMachineStore store, string? domain, Ipv4 server, TimeProvider clock)
{
    // RFC 4027.
    private const string ZoneText = "text/dns; charset=utf-8";

    private readonly string? _domain = domain?.ToLowerInvariant();
    private readonly ZoneSerials _serials = new(clock);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/inventory/hosts", HostsFor).For(Role.Viewer)
            .WithName("getHostsFile").WithSummary("The machines' names and addresses as a hosts file.").WithMetadata(ProducedText.Plain(StatusCodes.Status200OK));
        routes.MapGet("/api/v1/inventory/zone", ZoneFor).For(Role.Viewer)
            .WithName("getZone").WithSummary("The machines' names and addresses as a zone of the DNS (RFC 1035 §5).").WithMetadata(ProducedText.Of("text/dns"));
    }

    private Results<TextAnswer, Problem> HostsFor(Query<HostsQuery> query) => DomainProblem is { } problem
        ? problem
        : new TextAnswer(HostsFile.Write(NamedMachines.Of(store.Current, query.Value.Selector, _domain), _domain), ProducedText.PlainType);

    private Results<TextAnswer, Problem> ZoneFor(Query<ZoneQuery> query)
    {
        var asked = query.Value;
        if (_domain is not { } domain)
        {
            return Problem.Of(new Refusal(RefusalReason.Conflict, "network.domain is not set, so there is no zone. Set it in the configuration, and restart the server."));
        }

        if (DomainProblem is { } problem)
        {
            return problem;
        }

        var machines = NamedMachines.Of(store.Current, asked.Selector, domain);
        var nameServer = asked.NameServer ?? $"ns.{domain}";
        DnsZone? zone;
        if (asked.Origin is null || asked.Origin == domain)
        {
            zone = DnsZone.Forward(machines, domain, nameServer, asked.NameServer is null ? server : null);
        }
        else if (!DnsZone.TryReverse(machines, asked.Origin, domain, nameServer, out zone))
        {
            return Problem.Invalid($"origin must be {domain} (network.domain), or a zone below in-addr.arpa with 1 to 3 octets, like 0.0.10.in-addr.arpa for 10.0.0.0/24.");
        }

        if (asked.NameServer is not null && $".{nameServer}".EndsWith($".{zone.Origin}", StringComparison.Ordinal))
        {
            return Problem.Invalid($"ns must be outside the zone: in {zone.Origin} it would need an address, and no name server loads a zone without it. Leave it out for ns.{domain} with the server's address.");
        }

        return new TextAnswer(zone.Write(_serials.Of($"{zone.Origin} {nameServer} {asked.Selector}", zone)), ZoneText);
    }

    private Problem? DomainProblem => _domain is null || NamedMachines.IsDomain(_domain) ? null : Problem.Of(new Refusal(
        RefusalReason.Conflict, $"network.domain is {_domain}, which is no domain of host names: labels of letters, digits and hyphens, with dots between them. Correct it, and restart the server."));

    internal sealed record HostsQuery(Selector Selector) : IQuery<HostsQuery>
    {
        public static HostsQuery Read(QueryReader query) => new(query.Selector());
    }

    internal sealed record ZoneQuery(Selector Selector, string? Origin, string? NameServer) : IQuery<ZoneQuery>
    {
        public static ZoneQuery Read(QueryReader query) => new(
            query.Selector(), Name(query, "origin", "The zone: network.domain, which is the default, or one below in-addr.arpa.", "0.0.10.in-addr.arpa"), Name(query, "ns", "The name server of the zone.", "ns1.example.com"));

        // As it is written in a configuration, or in a zone.
        private static string? Name(QueryReader query, string parameter, string about, string example) => query.Parsed<string?>(
            parameter, null,
            text => text.TrimEnd('.').ToLowerInvariant() is var name && NamedMachines.IsDomain(name)
                ? (name, null)
                : (null, $"{parameter} must be a domain name: labels of letters, digits and hyphens, with dots between them."),
            about: (about, example));
    }
}
