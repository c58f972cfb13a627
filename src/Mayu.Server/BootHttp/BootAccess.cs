using Mayu.Core.Assignment;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.Decisions;
using Mayu.Server.Http;

namespace Mayu.Server.BootHttp;

/// <summary>
/// Who may have a machine's config, and report for it: who sends the boot token of that machine's boot script, and not from an address that is
/// leased to another machine. Each refusal is marked on the machine that it was about, logged and counted.
/// </summary>
internal sealed class BootAccess(BootContext boot)
{
    /// <summary>Whether the facts may be taken, and a config be given for them.</summary>
    /// <param name="facts">The facts, as they were sent.</param>
    /// <param name="sent">What came as a token.</param>
    /// <param name="peer">Who asks.</param>
    /// <param name="token">The token; null where none is needed.</param>
    /// <returns>The refusal; null when they may.</returns>
    public Problem? Refuse(FactsReceived facts, SentToken sent, HttpPeer peer, out BootToken? token) =>
        Refuse(Registration.NameOf(boot.Store.Current, facts), facts.MacAddresses, sent, peer, out token);

    /// <summary>Whether a machine's report may be taken.</summary>
    public Problem? Refuse(Serial machine, SentToken sent, HttpPeer peer) => Refuse(machine, sent, peer, out _);

    /// <summary>Whether what is for one known machine may be given.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="sent">What came as a token.</param>
    /// <param name="peer">Who asks.</param>
    /// <param name="token">The token; null where none is needed.</param>
    /// <returns>The refusal; null when it may.</returns>
    public Problem? Refuse(Serial machine, SentToken sent, HttpPeer peer, out BootToken? token) => Refuse(machine, [], sent, peer, out token);

    /// <summary>Whether what is for one boot may be given: the machine that the token names, or the refusal.</summary>
    public Problem? Refuse(SentToken sent, HttpPeer peer, out BootToken? token) =>
        !boot.Tokens.TryFind(sent.Text, out token, out var problem) ? Refused(machine: null, problem, peer)
        : WhyNotFrom(peer, token, RecordOf(token.Machine), []) is { } elsewhere ? Refused(token.Machine, elsewhere, peer)
        : null;

    /// <summary>Whether a config may be given for the token.</summary>
    public Problem? MayFetch(BootToken? token, Serial machine, string file, HttpPeer peer) =>
        token is null || boot.Tokens.MayFetch(token, file, out var problem) ? null : Refused(machine, problem, peer);

    /// <summary>Takes one fetch off the token, for a config that can be given now: what fails for another reason is no fetch.</summary>
    public Problem? Fetch(BootToken? token, Serial machine, string file, HttpPeer peer) =>
        token is null || boot.Tokens.TryFetch(token, file, out var problem) ? null : Refused(machine, problem, peer);

    // What somebody says of itself counts where nobody knows the machine yet. Of one that is known, the record counts: or whoever has a token of its
    // own could ask in another machine's name.
    private Problem? Refuse(Serial? name, IReadOnlyCollection<MacAddress> said, SentToken sent, HttpPeer peer, out BootToken? token)
    {
        token = null;
        if (sent.Text is null && !boot.Configuration.Tokens.AreRequired)
        {
            return null;
        }

        var record = RecordOf(name);
        var why = !boot.Tokens.TryFind(sent.Text, out token, out var problem) ? problem
            : !IsOf(token, name, record, said) ? "its boot token is another machine's"
            : WhyNotFrom(peer, token, record, said);
        return why is null ? null : Refused(name, why, peer);
    }

    private Machine? RecordOf(Serial? name) => name is { } serial ? boot.Store.Current.Find(serial) : null;

    // What the loader told is enough: a serial, or the card that it booted from. One that told nothing gets its name by its facts.
    private static bool IsOf(BootToken token, Serial? name, Machine? record, IReadOnlyCollection<MacAddress> said) =>
        (token.Machine is { } own && own == name)
        || (record is not null ? token.Mac is { } card && record.MacAddresses.Contains(card)
            : token.Machine is null || (token.Mac is { } booted && said.Contains(booted)));

    // Only where the lease is known: behind another DHCP server it is not.
    private string? WhyNotFrom(HttpPeer peer, BootToken token, Machine? record, IReadOnlyCollection<MacAddress> said) =>
        boot.MacOf(peer) is not { } card ? null
        : record is { MacAddresses.IsEmpty: false } ? record.MacAddresses.Contains(card) ? null
            : $"it comes from {peer.Address}, which is leased to {card}, and the machine has no such card (after a change of cards: mayuctl set {record.Serial} macs MAC,…)"
        : card != token.Mac && !said.Contains(card) && boot.Decisions.IsKnown(card) ? $"it comes from {peer.Address}, which is leased to another machine ({card})"
        : null;

    private Problem Refused(Serial? machine, string why, HttpPeer peer)
    {
        boot.Tokens.CountRefusal();
        var from = peer.Address?.ToString() ?? "an address that is not IPv4";
        if (machine is { } serial)
        {
            boot.Trace.Mark(serial, HopKind.Refused, $"a request from {from}: {why}", mac: boot.MacOf(peer));
        }

        boot.Log.TokenRefused(machine?.Text ?? "no machine", from, why);

        return new Problem(StatusCodes.Status403Forbidden, "No valid boot token",
            $"The request was refused: {why}. A machine gets its boot token with its boot script: boot it from the network again.");
    }
}
