using System.Collections.Immutable;
using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Machines;

/// <summary>The fields that one request names, as one decision: all of them, or none. What is wrong with them is told together.</summary>
internal sealed class FieldChanges
{
    private readonly List<Func<ClusterSnapshot, Machine, Proposal>> _steps = [];
    private readonly List<Refusal> _unreadable = [];

    private FieldChanges()
    {
    }

    private delegate bool Reader<T>(ReadOnlySpan<char> text, out T value);

    /// <summary>What is wrong whatever the machine is; null: nothing.</summary>
    public Refusal? Refused =>
        _steps.Count == 0 ? new Refusal(RefusalReason.Invalid, "The request names no field: profile, enabled, metadata, hostname, internalAddress, bmcAddress, macAddresses, uuid, providerId, cabinet or notes.")
        : _unreadable.Count > 0 ? Refusal.Together(_unreadable)
        : null;

    /// <summary>Reads a request.</summary>
    public static FieldChanges Read(Contracts.MachineChangeRequest request, ClusterPlan plan)
    {
        var all = new FieldChanges();
        all.Add<Ipv4>(
            "internalAddress", request.InternalAddress, Ipv4.TryParse, "internalAddress is not an IPv4 address.", (snapshot, machine, address) => OperatorChanges.Readdress(snapshot, machine, plan, address));
        all.Add<Ipv4>("bmcAddress", request.BmcAddress, Ipv4.TryParse, "bmcAddress is not an IPv4 address.", (_, machine, address) => OperatorChanges.SetBmcAddress(machine, address));
        all.AddMacs("macAddresses", request.MacAddresses);
        all.Add<Guid?>("uuid", request.Uuid, TryParseUuid, "uuid is not a UUID, like 11111111-2222-3333-4444-555555555555.", OperatorChanges.SetUuid);
        all.AddTags("metadata", request.Metadata);
        all.Add("profile", request.Profile, (_, machine, profile) => OperatorChanges.Move(machine, plan, profile));
        all.Add("hostname", request.Hostname, OperatorChanges.Rename);
        all.Add("providerId", request.ProviderId, (_, machine, text) => OperatorChanges.SetProviderId(machine, text));
        all.Add("cabinet", request.Cabinet, (_, machine, text) => OperatorChanges.SetCabinet(machine, text));
        all.Add("notes", request.Notes, (_, machine, text) => OperatorChanges.SetNotes(machine, text));
        if (request.Enabled is { } enabled)
        {
            all._steps.Add((_, machine) => OperatorChanges.Enable(machine, enabled));
        }

        return all;
    }

    /// <summary>Decides them in order, each on what the former ones made of the record.</summary>
    public Proposal Decide(ClusterSnapshot snapshot, Machine machine) =>
        _steps.Count == 0 ? new Proposal.Refuse(Refused!) : DecisionsInOrder.Decide(snapshot, machine, _steps);

    private static Proposal About(string field, Proposal proposal) => proposal is Proposal.Refuse refused ? new Proposal.Refuse(refused.Refusal.Of(field)) : proposal;

    // An empty one takes it away.
    private static bool TryParseUuid(ReadOnlySpan<char> text, out Guid? uuid)
    {
        uuid = Guid.TryParseExact(text, "D", out var parsed) ? parsed : null;
        return uuid is not null || text.IsEmpty;
    }

    private void AddMacs(string field, IReadOnlyList<string>? texts)
    {
        if (texts is null)
        {
            return;
        }

        var macs = ImmutableArray.CreateBuilder<MacAddress>();
        var wrong = new List<FieldFault>();
        foreach (var (place, text) in texts.Take(OperatorChanges.MaxMacs + 1).Index())
        {
            if (MacAddress.TryParse(text, out var mac))
            {
                macs.Add(mac);
            }
            else
            {
                wrong.Add(new FieldFault($"{place}", "macAddresses has an entry that is not a MAC address like 52:54:00:12:34:56."));
            }
        }

        if (wrong.Count > 0)
        {
            Refuse(new Refusal(RefusalReason.Invalid, wrong[0].Detail) { Faults = [.. wrong] }.Of(field));
            return;
        }

        _steps.Add((snapshot, machine) => About(field, OperatorChanges.SetMacs(snapshot, machine, macs.ToImmutable())));
    }

    private void AddTags(string field, IReadOnlyList<string?>? tags)
    {
        // JSON lets a list hold null.
        if (tags?.Index().Where(tag => tag.Item is null).Select(tag => new FieldFault($"{tag.Index}", "A tag is null; write NAME=VALUE.")).ToImmutableArray() is { IsEmpty: false } wrong)
        {
            Refuse(new Refusal(RefusalReason.Invalid, wrong[0].Detail) { Faults = wrong[..Math.Min(wrong.Length, OperatorChanges.MaxTags)] }.Of(field));
        }
        else if (tags is not null)
        {
            _steps.Add((_, machine) => About(field, OperatorChanges.SetTags(machine, [.. tags.OfType<string>()])));
        }
    }

    private void Add<T>(string field, string? text, Reader<T> read, string otherwise, Func<ClusterSnapshot, Machine, T, Proposal> step)
    {
        if (text is null)
        {
            return;
        }

        if (read(text, out var value))
        {
            _steps.Add((snapshot, machine) => About(field, step(snapshot, machine, value)));
        }
        else
        {
            Refuse(new Refusal(RefusalReason.Invalid, otherwise).Of(field));
        }
    }

    private void Add(string field, string? value, Func<ClusterSnapshot, Machine, string, Proposal> step)
    {
        if (value is not null)
        {
            _steps.Add((snapshot, machine) => About(field, step(snapshot, machine, value)));
        }
    }

    private void Refuse(Refusal refusal)
    {
        _unreadable.Add(refusal);
        _steps.Add((_, _) => new Proposal.Refuse(refusal));
    }
}
