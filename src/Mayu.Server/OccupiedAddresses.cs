using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Server.Wire;

namespace Mayu.Server;

/// <summary>An address of a pool under which a stranger answers.</summary>
/// <param name="Address">The address.</param>
/// <param name="Mac">Who answers.</param>
/// <param name="At">When he did last.</param>
internal sealed record OccupiedAddress(Ipv4 Address, MacAddress Mac, DateTimeOffset At);

/// <summary>
/// Keeps addresses that strangers use from being given out. An address is asked for on the wire when it was just assigned, and before the
/// machine hears of it; the ones that come next are asked for ahead, so that a machine seldom waits.
/// </summary>
internal sealed class OccupiedAddresses(ArpProbe? probe, TimeProvider clock)
{
    /// <summary>How long a stranger is remembered before his address is tried again.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private const int Ahead = 32;
    private const int MaxTries = 64;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private ImmutableDictionary<Ipv4, OccupiedAddress> _occupied = ImmutableDictionary<Ipv4, OccupiedAddress>.Empty;
    private ImmutableDictionary<Ipv4, DateTimeOffset> _free = ImmutableDictionary<Ipv4, DateTimeOffset>.Empty;
    private Task _askingAhead = Task.CompletedTask;

    /// <summary>The addresses that strangers use, as far as it is known.</summary>
    public IEnumerable<OccupiedAddress> All
    {
        get
        {
            var now = clock.GetUtcNow();
            return _occupied.Values.Where(entry => now - entry.At < Memory);
        }
    }

    /// <summary>The plan without the addresses that strangers use.</summary>
    public ClusterPlan Without(ClusterPlan plan) => _occupied.IsEmpty ? plan : plan with { OccupiedAddresses = [.. All.Select(entry => entry.Address)] };

    /// <summary>
    /// Makes sure that nobody uses the address that a machine was just given; else the machine gets another one.
    /// </summary>
    /// <param name="store">Where the change is made.</param>
    /// <param name="plan">The pools.</param>
    /// <param name="machine">The machine with its new address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ChangeOutcome> SettleAsync(IMachineStore store, ClusterPlan plan, Machine machine, CancellationToken cancellationToken)
    {
        var outcome = new ChangeOutcome(machine, null);
        for (var i = 0; i < MaxTries && probe is not null && outcome.Machine is { InternalAddress: { } address } current; i++)
        {
            if (await StrangerAsync(address, machine.MacAddresses, cancellationToken) is not { } stranger)
            {
                break;
            }

            var avoiding = Without(plan);
            outcome = await store.ChangeAsync(
                new Author("system"),
                snapshot => AddressAssignment.Avoid(snapshot, avoiding, current.Serial, address, stranger),
                cancellationToken);
            if (outcome.Machine?.InternalAddress == address)
            {
                // Another request of the same machine got its config meanwhile: it has the address, and keeps it.
                break;
            }
        }

        AskAhead(store, plan);
        return outcome;
    }

    private async Task<MacAddress?> StrangerAsync(Ipv4 address, ImmutableArray<MacAddress> own, CancellationToken cancellationToken)
    {
        if (_free.TryGetValue(address, out var asked) && clock.GetUtcNow() - asked < Fresh)
        {
            return null;
        }

        var mac = await probe!.WhoHasAsync(address, cancellationToken);
        if (mac is { } stranger && !own.Contains(stranger))
        {
            Remember(address, stranger);
            return stranger;
        }

        return null;
    }

    private void AskAhead(IMachineStore store, ClusterPlan plan)
    {
        lock (_lock)
        {
            if (probe is not null && _askingAhead.IsCompleted)
            {
                _askingAhead = AskAheadAsync(store, plan);
            }
        }
    }

    private async Task AskAheadAsync(IMachineStore store, ClusterPlan plan)
    {
        var now = clock.GetUtcNow();
        var fresh = _free.RemoveRange(_free.Where(entry => now - entry.Value >= Fresh).Select(entry => entry.Key));
        var next = Without(plan).NextAddresses(store.Current).Take(Ahead).Where(address => !fresh.ContainsKey(address)).ToList();
        var answers = await Task.WhenAll(next.Select(async address => (Address: address, Mac: await probe!.WhoHasAsync(address, CancellationToken.None))));
        foreach (var (address, mac) in answers)
        {
            if (mac is { } stranger)
            {
                Remember(address, stranger);
            }
        }

        _free = fresh.AddRange(answers.Where(answer => answer.Mac is null).Select(answer => KeyValuePair.Create(answer.Address, now)));
    }

    private void Remember(Ipv4 address, MacAddress mac)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            _occupied = _occupied
                .RemoveRange(_occupied.Values.Where(entry => now - entry.At >= Memory).Select(entry => entry.Address))
                .SetItem(address, new OccupiedAddress(address, mac, now));
        }
    }
}
