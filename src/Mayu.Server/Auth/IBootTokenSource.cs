using Mayu.Core.Provisioning;
using Mayu.Primitives;

namespace Mayu.Server.Auth;

/// <summary>Where boot scripts have their tokens from.</summary>
internal interface IBootTokenSource
{
    /// <summary>A token for one boot of a machine.</summary>
    string Issue(in BootTokenOwner owner);
}

/// <summary>Who a boot token is for.</summary>
/// <param name="Client">The address that asks.</param>
/// <param name="Machine">The machine; null where its loader cannot tell and nobody knows it.</param>
/// <param name="Mac">The interface that it boots from; null when that is not known.</param>
internal readonly record struct BootTokenOwner(Ipv4 Client, Serial? Machine = null, MacAddress? Mac = null)
{
    /// <summary>Whether there is a record of the machine.</summary>
    public bool IsKnown { get; init; }

    /// <summary>Whether the address that asks is leased to one of the machine's cards.</summary>
    public bool HasItsAddress { get; init; }
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
    public string Issue(in BootTokenOwner owner) => _text;
}
