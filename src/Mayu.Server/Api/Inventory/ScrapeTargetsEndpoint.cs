using System.Collections.Immutable;
using System.Globalization;
using Mayu.Core.Machines;
using Mayu.Core.Selection;
using Mayu.Primitives;
using Mayu.Server.Access;
using Mayu.Server.Api.Queries;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Inventory;

/// <summary>
/// The machines as scrape targets: Prometheus' HTTP service discovery. Its answer is a JSON list, which is empty where no machine is meant; an error would
/// keep Prometheus at the targets that it had.
/// </summary>
internal sealed class ScrapeTargetsEndpoint(IMachineStore store)
{
    private const string Prefix = "__meta_mayu_";

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/sd/prometheus", (Query<TargetsQuery> query) =>
        new ListAnswer<Contracts.ScrapeTargets>(Targets(store.Current, query.Value), Contracts.ApiJsonContext.Default.ScrapeTargets, isBare: true)).For(Role.Viewer).ExcludeFromDescription();

    // A machine without an address is nothing that can be scraped.
    private static IEnumerable<Contracts.ScrapeTargets> Targets(ClusterSnapshot snapshot, TargetsQuery query) =>
        from machine in snapshot.Machines
        let address = machine.InternalAddress
        where address is not null && query.Selector.Matches(machine)
        orderby address
        select TargetOf(machine, address.Value, query.Port);

    private static Contracts.ScrapeTargets TargetOf(Machine machine, Ipv4 address, int port) => new()
    {
        Targets = [string.Create(CultureInfo.InvariantCulture, $"{address}:{port}")],
        Labels = LabelsOf(machine),
    };

    private static ImmutableSortedDictionary<string, string> LabelsOf(Machine machine)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        Add("serial", machine.Serial.Text);
        Add("hostname", machine.Hostname);
        Add("profile", machine.Profile);
        Add("state", Lifecycle.NameOf(machine.State));
        Add("enabled", machine.Enabled ? "true" : "false");
        Add("image", machine.Image);
        Add("cabinet", machine.Cabinet);
        // Separators at both ends, so that a regular expression finds a whole tag: .*,rack=7,.*
        Add("tags", machine.Metadata.IsEmpty ? null : $",{string.Join(',', machine.Metadata)},");
        foreach (var tag in machine.Metadata)
        {
            if (tag.IndexOf('=', StringComparison.Ordinal) is > 0 and var sign)
            {
                Add("tag_" + LabelName(tag[..sign]), tag[(sign + 1)..]);
            }
        }

        return labels.ToImmutable();

        // Of two tags whose names are the same as labels, the first is a label of its own; both are in "tags".
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                labels.TryAdd(Prefix + name, value);
            }
        }
    }

    // What Prometheus takes as the name of a label: [a-zA-Z_][a-zA-Z0-9_]*
    private static string LabelName(string text) => string.Create(text.Length, text, static (name, from) =>
    {
        for (var i = 0; i < name.Length; i++)
        {
            name[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
        }
    });

    internal sealed record TargetsQuery(Selector Selector, int Port) : IQuery<TargetsQuery>
    {
        // The port of Prometheus' node exporter.
        private const int DefaultPort = 9100;

        public static TargetsQuery Read(QueryReader query) => new(query.Selector(), query.Number("port", 1, ushort.MaxValue, DefaultPort, "The port of each target."));
    }
}
