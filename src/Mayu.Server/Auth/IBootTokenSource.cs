using Mayu.Core.Provisioning;
using Mayu.Primitives;

namespace Mayu.Server.Auth;

/// <summary>Where boot scripts have their tokens from.</summary>
internal interface IBootTokenSource
{
    /// <summary>A token for one boot of a machine.</summary>
    /// <param name="machine">The machine; null where its loader cannot tell and nobody knows it.</param>
    /// <param name="mac">The interface that it boots from; null when that is not known.</param>
    /// <param name="client">The address that asks.</param>
    string Issue(Serial? machine, MacAddress? mac, Ipv4 client);
}

/// <summary>What stands in the place of a token where none is issued.</summary>
internal sealed class BootTokenPlaceholder : IBootTokenSource
{
    private readonly string _text;

    private BootTokenPlaceholder(string text) => _text = text;

    /// <summary>In a script that is only shown.</summary>
    public static BootTokenPlaceholder Instance { get; } = new(Provisioner.BootTokenPlaceholder);

    /// <summary>In a script of which only the length is told: as long as a token.</summary>
    public static BootTokenPlaceholder AsLong { get; } = new(new string('0', BootToken.Length));

    /// <inheritdoc/>
    public string Issue(Serial? machine, MacAddress? mac, Ipv4 client) => _text;
}
