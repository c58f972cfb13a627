using Mayu.Core.Assignment;
using Mayu.Core.Boot;
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
    public Problem? Refuse(FactsReceived facts, SentToken sent, HttpPeer peer, out BootToken? token)
    {
        var name = Registration.NameOf(boot.Store.Current, facts);
        return Find(sent, out token) is { } problem ? Refused(name, problem, peer)
            : token is null ? null
            : IsOf(token, name, facts.MacAddresses) ? RefuseAddress(token, facts.MacAddresses, peer) is { } elsewhere ? Refused(name, elsewhere, peer) : null
            : Refused(name, "its boot token is another machine's", peer);
    }

    /// <summary>Whether a machine's report may be taken.</summary>
    public Problem? Refuse(Serial machine, SentToken sent, HttpPeer peer)
    {
        var record = boot.Store.Current.Find(machine);
        return Find(sent, out var token) is { } problem ? Refused(machine, problem, peer)
            : token is null ? null
            : IsOf(token, machine, record?.MacAddresses ?? []) ? RefuseAddress(token, record?.MacAddresses ?? [], peer) is { } elsewhere ? Refused(machine, elsewhere, peer) : null
            : Refused(machine, "its boot token is another machine's", peer);
    }

    /// <summary>Whether what is for one boot may be given: the machine that the token names, or the refusal.</summary>
    public Problem? Refuse(SentToken sent, HttpPeer peer, out BootToken? token)
    {
        if (!boot.Tokens.TryFind(sent.Text, out token, out var problem))
        {
            return Refused(machine: null, problem, peer);
        }

        var record = token.Machine is { } machine ? boot.Store.Current.Find(machine) : null;
        return RefuseAddress(token, record?.MacAddresses ?? [], peer) is { } elsewhere ? Refused(token.Machine, elsewhere, peer) : null;
    }

    /// <summary>Takes one fetch of a config off the token.</summary>
    public Problem? Fetch(BootToken? token, Serial machine, string file, HttpPeer peer) =>
        token is null || boot.Tokens.TryFetch(token, file, out var problem) ? null : Refused(machine, problem, peer);

    // No token is needed where the configuration says so; one that is sent must be right all the same.
    private string? Find(SentToken sent, out BootToken? token)
    {
        token = null;
        return sent.Text is null && !boot.Configuration.Tokens.AreRequired || boot.Tokens.TryFind(sent.Text, out token, out var problem) ? null : problem;
    }

    // What the loader told is enough: a serial, or the card that it booted from. One that told nothing gets its name by its facts.
    private static bool IsOf(BootToken token, Serial? machine, IReadOnlyCollection<MacAddress> macs) =>
        token.Machine is { } own && own == machine
        || token.Mac is { } mac && macs.Contains(mac)
        || token is { Machine: null, Mac: null };

    // Only where the lease is known: behind another DHCP server it is not.
    private string? RefuseAddress(BootToken token, IReadOnlyCollection<MacAddress> macs, HttpPeer peer) =>
        boot.MacOf(peer) is { } card && card != token.Mac && !macs.Contains(card) && boot.Decisions.IsKnown(card)
            ? $"it comes from {peer.Address}, which is leased to another machine ({card})"
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
