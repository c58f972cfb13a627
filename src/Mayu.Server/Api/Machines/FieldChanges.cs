using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Machines;

/// <summary>The fields that one request names, as one decision: all of them, or none.</summary>
internal sealed class FieldChanges
{
    private readonly List<Func<ClusterSnapshot, Machine, Proposal>> _steps = [];

    private FieldChanges()
    {
    }

    /// <summary>Reads a request.</summary>
    public static bool TryRead(
        Contracts.MachineChangeRequest request, ClusterPlan plan, [NotNullWhen(true)] out FieldChanges? changes, [NotNullWhen(false)] out string? problem)
    {
        changes = null;
        var all = new FieldChanges();
        problem = all.Add<Ipv4>(
                request.InternalAddress, Ipv4.TryParse, "internalAddress is not an IPv4 address.", (snapshot, machine, address) => OperatorChanges.Readdress(snapshot, machine, plan, address))
            ?? all.Add<Ipv4>(request.BmcAddress, Ipv4.TryParse, "bmcAddress is not an IPv4 address.", (_, machine, address) => OperatorChanges.SetBmcAddress(machine, address))
            ?? all.AddMacs(request.MacAddresses)
            ?? all.Add<Guid?>(request.Uuid, TryParseUuid, "uuid is not a UUID, like 11111111-2222-3333-4444-555555555555.", OperatorChanges.SetUuid);
        if (request.Metadata is { } tags)
        {
            // JSON lets a list hold null.
            problem ??= tags.Any(tag => tag is null) ? "A tag is null; write NAME=VALUE." : null;
            all._steps.Add((_, machine) => OperatorChanges.SetTags(machine, [.. tags]));
        }

        all.Add(request.Profile, (_, machine, profile) => OperatorChanges.Move(machine, plan, profile));
        all.Add(request.Hostname, OperatorChanges.Rename);
        all.Add(request.ProviderId, (_, machine, text) => OperatorChanges.SetProviderId(machine, text));
        all.Add(request.Cabinet, (_, machine, text) => OperatorChanges.SetCabinet(machine, text));
        if (request.Enabled is { } enabled)
        {
            all._steps.Add((_, machine) => OperatorChanges.Enable(machine, enabled));
        }

        problem ??= all._steps.Count == 0
            ? "The request names no field: profile, enabled, metadata, hostname, internalAddress, bmcAddress, macAddresses, uuid, providerId or cabinet."
            : null;
        changes = problem is null ? all : null;
        return problem is null;
    }

    /// <summary>Decides them in order, each on what the former ones made of the record.</summary>
    public Proposal Decide(ClusterSnapshot snapshot, Machine machine) => DecisionsInOrder.Decide(snapshot, machine, _steps);

    private string? AddMacs(IEnumerable<string>? texts)
    {
        var macs = ImmutableArray.CreateBuilder<MacAddress>();
        foreach (var text in texts?.Take(OperatorChanges.MaxMacs + 1) ?? [])
        {
            if (!MacAddress.TryParse(text, out var mac))
            {
                return "macAddresses has an entry that is not a MAC address like 52:54:00:12:34:56.";
            }

            macs.Add(mac);
        }

        if (texts is not null)
        {
            _steps.Add((snapshot, machine) => OperatorChanges.SetMacs(snapshot, machine, macs.ToImmutable()));
        }

        return null;
    }

    // An empty one takes it away.
    private static bool TryParseUuid(ReadOnlySpan<char> text, out Guid? uuid)
    {
        uuid = Guid.TryParseExact(text, "D", out var parsed) ? parsed : null;
        return uuid is not null || text.IsEmpty;
    }

    private delegate bool Reader<T>(ReadOnlySpan<char> text, out T value);

    private string? Add<T>(string? text, Reader<T> read, string otherwise, Func<ClusterSnapshot, Machine, T, Proposal> step)
    {
        if (text is null)
        {
            return null;
        }

        if (!read(text, out var value))
        {
            return otherwise;
        }

        _steps.Add((snapshot, machine) => step(snapshot, machine, value));
        return null;
    }

    private void Add(string? value, Func<ClusterSnapshot, Machine, string, Proposal> step)
    {
        if (value is not null)
        {
            _steps.Add((snapshot, machine) => step(snapshot, machine, value));
        }
    }
}
