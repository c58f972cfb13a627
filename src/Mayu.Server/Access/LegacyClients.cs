using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Primitives;

namespace Mayu.Server.Access;

/// <summary>From where the first Mayu's clients, which send no token, are answered.</summary>
/// <param name="Networks">The networks, as they were configured; empty: from nowhere.</param>
internal sealed record LegacyClients(ImmutableArray<LegacyNetwork> Networks)
{
    /// <summary>From nowhere.</summary>
    public static LegacyClients None { get; } = new([]);

    /// <summary>Whether anybody is answered without a token.</summary>
    public bool IsEmpty => Networks.IsEmpty;

    /// <summary>Whether a client is answered without a token.</summary>
    /// <param name="client">Its address; null: it is not IPv4.</param>
    public bool Allows(Ipv4? client) => client is { } address && Networks.Any(network => network.Range.Contains(address));

    /// <summary>What it means, for the log.</summary>
    public string Warning =>
        $"{(Networks.Any(network => network.IsEverywhere) ? "everyone" : $"every client in {this}")} can change and reinstall every machine without a token. Remove the key when no client of the first Mayu is left";

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Networks.Select(network => network.Text));
}

/// <summary>One network, or every address.</summary>
/// <param name="Text">How it was written.</param>
/// <param name="Range">Its addresses.</param>
internal sealed record LegacyNetwork(string Text, Ipv4Range Range)
{
    private const string Everywhere = "true";
    private const string Nowhere = "false";

    /// <summary>Whether it is every address.</summary>
    public bool IsEverywhere => Text == Everywhere;

    /// <summary>Reads <c>10.0.0.0/24</c>, <c>10.0.0.5</c>, or <c>true</c> for every address and <c>false</c> for none.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="networks">One, or none for <c>false</c>.</param>
    /// <param name="problem">What would be right.</param>
    public static bool TryParse(string text, [MaybeNullWhen(false)] out ImmutableArray<LegacyNetwork> networks, out string problem)
    {
        problem = "is not a network (like 10.0.0.0/24 or 10.0.0.5), true for every address, or false";
        var range = text == Everywhere ? new Ipv4Range(new Ipv4(uint.MinValue), new Ipv4(uint.MaxValue))
            : Ipv4.TryParse(text, out var address) ? new Ipv4Range(address, address)
            : Ipv4Subnet.TryParse(text, out var subnet) && subnet is not null ? new Ipv4Range(subnet.Network, subnet.Broadcast)
            : null;
        networks = range is null ? [] : [new LegacyNetwork(text, range)];
        return range is not null || text == Nowhere;
    }
}
