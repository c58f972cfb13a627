using System.Collections.Immutable;
using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Server.Decisions;

/// <summary>
/// Keeps addresses that strangers use from being given out. An address is asked for on the wire when it was just assigned, and before the
/// machine hears of it; the ones that come next are asked for ahead, so that a machine seldom waits.
/// </summary>
/// <param name="probe">Asks; null: nobody is asked.</param>
/// <param name="pool">The addresses.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">The log.</param>
internal sealed partial class OccupiedAddresses(IAddressProbe? probe, Ipv4Range pool, TimeProvider clock, ILogger<OccupiedAddresses> logger)
{
    private const int Ahead = 32;
    private const int MaxTries = 64;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Occupants _occupants = new(pool, pool.Count, clock);
    private ImmutableDictionary<Ipv4, DateTimeOffset> _free = ImmutableDictionary<Ipv4, DateTimeOffset>.Empty;
    private Task _askingAhead = Task.CompletedTask;

    /// <summary>The addresses that strangers use, as far as it is known.</summary>
    public IEnumerable<OccupiedAddress> All => _occupants.All;

    /// <summary>How many MACs are not believed: they answer under too many addresses.</summary>
    public int UntrustedMacs => _occupants.UntrustedMacs;

    /// <summary>What an operator should know, if anything.</summary>
    public IEnumerable<string> Remarks => _occupants.Remarks;

    /// <summary>The plan without the addresses that strangers use.</summary>
    public ClusterPlan Without(ClusterPlan plan) =>
        _occupants.All is { IsEmpty: false } all ? plan with { OccupiedAddresses = [.. all.Select(entry => entry.Address)] } : plan;

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
        if (_free.TryGetValue(address, out var asked) && IsFresh(asked))
        {
            return null;
        }

        var user = await probe!.FindUserAsync(address, mac => !own.Contains(mac) && _occupants.Counts(mac), cancellationToken);
        return user is { Mac: { } stranger } && Remember(address, stranger) ? stranger : null;
    }

    // What is of the future was noted by a clock that was set back since.
    private bool IsFresh(DateTimeOffset asked) => (clock.GetUtcNow() - asked).Duration() < Fresh;

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
        var fresh = _free.RemoveRange(_free.Where(entry => !IsFresh(entry.Value)).Select(entry => entry.Key));
        var next = Without(plan).NextAddresses(store.Current).Take(Ahead).Where(address => !fresh.ContainsKey(address)).ToList();
        var answers = await Task.WhenAll(next.Select(async address => (Address: address, User: await probe!.FindUserAsync(address, _occupants.Counts, CancellationToken.None))));
        foreach (var (address, user) in answers)
        {
            if (user is { Mac: { } stranger })
            {
                Remember(address, stranger);
            }
        }

        _free = fresh.AddRange(answers.Where(answer => answer.User is null).Select(answer => KeyValuePair.Create(answer.Address, now)));
    }

    // Whether the address is left alone for it.
    private bool Remember(Ipv4 address, MacAddress mac)
    {
        var verdict = _occupants.Note(address, OccupiedHow.Answer, mac);
        if (verdict.News is { } news)
        {
            LogNews(logger, news);
        }

        return verdict.Counts;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{News}")]
    private static partial void LogNews(ILogger logger, string news);
}
