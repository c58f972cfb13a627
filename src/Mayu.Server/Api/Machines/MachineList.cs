using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using Mayu.Client.Contracts;
using Mayu.Core.Selection;
using Mayu.Server.Api.Queries;

namespace Mayu.Server.Api.Machines;

/// <summary>Which machines are listed, in which order, and how much of each.</summary>
/// <param name="Selector">The machines.</param>
/// <param name="Fields">The names of the fields of each; empty: all.</param>
/// <param name="Order">The field by which they are sorted.</param>
/// <param name="IsDescending">Whether the last comes first.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="After">The serial after which the list begins; null: with the first.</param>
internal sealed record MachineList(Selector Selector, IReadOnlySet<string> Fields, string Order, bool IsDescending, int Limit, string? After) : IQuery<MachineList>
{
    private const string Serial = "serial";
    private const int MaxLimit = 100_000;
    private const int MaxText = 1000;

    // As many combinations as clients of ours have, and some more; others are made anew each time.
    private const int MaxKnownTypes = 64;

    private static readonly ConcurrentDictionary<string, JsonTypeInfo<Machine>> Types = new(StringComparer.Ordinal);
    private static readonly List<string> States = [.. MachineStates.All];
    private static readonly FrozenSet<string> Names = [.. ApiJsonContext.Default.Machine.Properties.Select(property => property.Name)];

    private static readonly FrozenDictionary<string, Func<Machine, IComparable?>> Orders = new Dictionary<string, Func<Machine, IComparable?>>(StringComparer.Ordinal)
    {
        [Serial] = machine => machine.Serial,
        ["state"] = machine => States.IndexOf(machine.State),
        ["profile"] = machine => machine.Profile,
        ["hostname"] = machine => machine.Hostname,
        ["cabinet"] = machine => machine.Cabinet,
        ["image"] = machine => machine.Image,
        ["internalAddress"] = machine => System.Net.IPAddress.TryParse(machine.InternalAddress, out var address) ? BitConverter.ToUInt32([.. address.GetAddressBytes().Reverse()]) : null,
        ["firstSeen"] = machine => machine.FirstSeen,
        ["lastSeen"] = machine => machine.LastSeen,
        ["lastBoot"] = machine => machine.LastBoot,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <inheritdoc/>
    public static MachineList Read(QueryReader query)
    {
        var selector = query.Selector();
        var fields = query.Parsed<IReadOnlySet<string>>("fields", FrozenSet<string>.Empty, ReadFields, MaxText,
            ("The fields of each machine that the answer has, with commas between. Default: all.", "serial,profile,state"));
        var order = query.Text("sort", about: ("The field by which machines are sorted, with - before it for the last first. Default: serial.", "-lastSeen")) ?? Serial;
        var isDescending = order.StartsWith('-');
        order = order.TrimStart('-');
        if (!Orders.ContainsKey(order))
        {
            query.Refuse($"sort must be one of {string.Join(", ", Orders.Keys.Order(StringComparer.Ordinal))}, with a - before it for the last first.");
        }

        var after = query.Text("after", about: ("The serial after which the list begins: the last one of the page before.", "vm-001"));
        if (after is not null && (order != Serial || isDescending))
        {
            query.Refuse("after is a serial, so it needs the order of serials: leave sort out.");
        }

        return new MachineList(selector, fields, order, isDescending, query.Number("limit", 1, MaxLimit, MaxLimit, "The most machines."), after);
    }

    /// <summary>Of machines in the order of their serials, those that are listed, in the order that was asked for.</summary>
    public IEnumerable<Machine> Of(IEnumerable<Machine> machines)
    {
        var listed = After is null ? machines : machines.Where(machine => string.CompareOrdinal(machine.Serial, After) > 0);
        if (Order != Serial || IsDescending)
        {
            var order = Orders[Order];
            // Who has no value comes last either way; the sort is stable, so that equals are in the order of their serials.
            listed = IsDescending
                ? listed.OrderBy(machine => order(machine) is null).ThenByDescending(order)
                : listed.OrderBy(machine => order(machine) is null).ThenBy(order);
        }

        return listed.Take(Limit);
    }

    /// <summary>How each is written.</summary>
    public JsonTypeInfo<Machine> Type
    {
        get
        {
            if (Fields.Count == 0)
            {
                return ApiJsonContext.Default.Machine;
            }

            var key = string.Join(',', Fields.Order(StringComparer.Ordinal));
            return Types.TryGetValue(key, out var known) ? known : Types.Count < MaxKnownTypes ? Types.GetOrAdd(key, _ => TypeOf(Fields)) : TypeOf(Fields);
        }
    }

    private static JsonTypeInfo<Machine> TypeOf(IReadOnlySet<string> fields)
    {
        var options = new System.Text.Json.JsonSerializerOptions(ApiJsonContext.Default.Options)
        {
            TypeInfoResolver = ApiJsonContext.Default.WithAddedModifier(type =>
            {
                if (type.Type == typeof(Machine))
                {
                    foreach (var property in type.Properties.Where(property => !fields.Contains(property.Name)))
                    {
                        property.ShouldSerialize = static (_, _) => false;
                    }
                }
            }),
        };
        return (JsonTypeInfo<Machine>)options.GetTypeInfo(typeof(Machine));
    }

    private static (IReadOnlySet<string> Fields, string? Problem) ReadFields(string text)
    {
        var fields = text.Split(',', StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.Ordinal);
        return fields.FirstOrDefault(field => !Names.Contains(field)) is { } wrong
            ? (FrozenSet<string>.Empty, $"fields: there is no field \"{wrong}\"{Primitives.Suggestion.For(wrong, Names)}; there are {string.Join(", ", Names.Order(StringComparer.Ordinal))}.")
            : (fields, null);
    }
}
