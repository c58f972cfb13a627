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

/// <summary>What stands in the place of a token where a script is only shown.</summary>
internal sealed class BootTokenPlaceholder : IBootTokenSource
{
    /// <summary>The one.</summary>
    public static BootTokenPlaceholder Instance { get; } = new();

    /// <inheritdoc/>
    public string Issue(Serial? machine, MacAddress? mac, Ipv4 client) => Provisioner.BootTokenPlaceholder;
}
