using System.Collections.Immutable;
using System.Text;
using Mayu.Primitives;
using Mayu.Server.ConfigViews;

namespace Mayu.Server.Init;

/// <summary>What a first configuration says.</summary>
/// <param name="Interface">The interface of the machines.</param>
/// <param name="Address">This server's address on it.</param>
/// <param name="Subnet">Its subnet.</param>
/// <param name="Bootstrap">The addresses of machines that bootstrap.</param>
/// <param name="Permanent">Their permanent addresses.</param>
/// <param name="Image">The image that they install.</param>
internal sealed record InitAnswers(string Interface, Ipv4 Address, Ipv4Subnet Subnet, Ipv4Range Bootstrap, Ipv4Range Permanent, string Image)
{
    /// <summary>The default router of the machines; null: none.</summary>
    public Ipv4? Router { get; init; }

    /// <summary>Their name servers.</summary>
    public ImmutableArray<Ipv4> NameServers { get; init; } = [];

    /// <summary>Public keys of who may log in to them.</summary>
    public ImmutableArray<string> SshKeys { get; init; } = [];

    /// <summary>The folder of the server's data; null: the default.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The configuration file.</summary>
    public string ToYaml()
    {
        var text = new StringBuilder("# Written by mayu init. Every key: mayu config reference\n");
        text.Append($"network:\n  interface: {YamlWord.Of(Interface)}\n  address: {Address}\n  subnet: {Subnet}\n");
        text.Append($"  bootstrap_range: {RangeOf(Bootstrap)}   # while machines bootstrap\n");
        text.Append($"  internal_range: {RangeOf(Permanent)}   # their permanent addresses\n");
        if (Router is { } router)
        {
            text.Append($"  router: {router}\n");
        }

        if (NameServers.Length > 0)
        {
            text.Append($"  dns: [{string.Join(", ", NameServers)}]\n");
        }

        text.Append("dhcp:\n  mode: auto   # gives out addresses only while no other DHCP server answers; server: always\n");
        if (DataDirectory is { } folder)
        {
            text.Append($"data_dir: {YamlWord.Of(folder)}\n");
        }

        text.Append($"defaults:\n  image: {YamlWord.Of(Image)}\n");
        if (SshKeys.Length > 0)
        {
            text.Append("vars:\n  ssh_authorized_keys:\n");
            foreach (var key in SshKeys)
            {
                text.Append($"    - {YamlWord.Of(key)}\n");
            }
        }

        return text.ToString();
    }

    private static string RangeOf(Ipv4Range range) => $"{{start: {range.Start}, end: {range.End}}}";
}
