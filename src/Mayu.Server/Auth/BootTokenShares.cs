using System.Runtime.InteropServices;
using Mayu.Primitives;

namespace Mayu.Server.Auth;

/// <summary>
/// How many boot tokens there are, and which one goes when there are too many. Everybody may ask for boot scripts, in any name: what one asks for takes the
/// place of its own tokens, not of a machine's that boots.
/// </summary>
internal sealed class BootTokenShares
{
    /// <summary>How many tokens a known machine has at a time.</summary>
    public const int MostPerMachine = 8;

    /// <summary>How many tokens of machines that are not known one address has at a time. Many machines may share one behind NAT.</summary>
    public const int MostPerStranger = 1024;

    /// <summary>How many tokens of machines that are not known there are at a time.</summary>
    public const int MostOfStrangers = 32_768;

    private readonly Dictionary<Serial, List<BootToken>> _ofMachines = [];
    private readonly Dictionary<Ipv4, LinkedList<BootToken>> _ofStrangers = [];
    private readonly SortedSet<(int Tokens, Ipv4 Client)> _bySize = [];
    private int _strangers;

    /// <summary>Adds a token.</summary>
    /// <returns>The one that has to go for it; null: none.</returns>
    public BootToken? Add(BootToken token)
    {
        if (token is { IsKnown: true, Machine: { } machine })
        {
            ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(_ofMachines, machine, out _);
            own ??= [];
            own.Add(token);
            return own.Count > MostPerMachine ? Dropped(LeastOf(own)) : null;
        }

        ref var client = ref CollectionsMarshal.GetValueRefOrAddDefault(_ofStrangers, token.Client, out _);
        client ??= new LinkedList<BootToken>();
        client.AddLast(token);
        _strangers++;
        Resize(token.Client, client.Count - 1, client.Count);
        return client.Count > MostPerStranger ? Dropped(client.First!.Value)
            // Who has the most asked for the most.
            : _strangers > MostOfStrangers ? Dropped(_ofStrangers[_bySize.Max.Client].First!.Value)
            : null;
    }

    /// <summary>Takes a token away.</summary>
    public void Remove(BootToken token)
    {
        if (token is { IsKnown: true, Machine: { } machine })
        {
            if (_ofMachines.TryGetValue(machine, out var own) && own.Remove(token) && own.Count == 0)
            {
                _ofMachines.Remove(machine);
            }
        }
        else if (_ofStrangers.TryGetValue(token.Client, out var client) && client.Remove(token))
        {
            _strangers--;
            Resize(token.Client, client.Count + 1, client.Count);
            if (client.Count == 0)
            {
                _ofStrangers.Remove(token.Client);
            }
        }
    }

    // One that a config was given for boots a machine; one that was asked for from the machine's own address may; of the others somebody else may have
    // asked for many.
    private static BootToken LeastOf(List<BootToken> own)
    {
        var counts = own.CountBy(token => token.Client).ToDictionary();
        return own.OrderBy(token => token.Given.Count > 0).ThenBy(token => token.HasItsAddress).ThenByDescending(token => counts[token.Client]).ThenBy(token => token.Issued).First();
    }

    private BootToken Dropped(BootToken token)
    {
        Remove(token);
        return token;
    }

    private void Resize(Ipv4 client, int before, int now)
    {
        _bySize.Remove((before, client));
        if (now > 0)
        {
            _bySize.Add((now, client));
        }
    }
}
