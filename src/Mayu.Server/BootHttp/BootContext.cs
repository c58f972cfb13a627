using System.Net;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Netboot.Files;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.BootScripts;
using Mayu.Server.Configuration;
using Mayu.Server.Decisions;
using Mayu.Server.EtcdDiscovery;
using Mayu.Server.Http;
using Mayu.Server.Images;
using Mayu.Server.Live;

namespace Mayu.Server.BootHttp;

/// <summary>What the endpoints that answer machines work with.</summary>
internal sealed record BootContext
{
    /// <summary>The configuration in effect.</summary>
    public required LiveConfiguration Live { get; init; }
    public required IMachineStore Store { get; init; }
    public required BootTrace Trace { get; init; }
    public required BootDecisions Decisions { get; init; }
    public required ScriptRenderer Scripts { get; init; }
    public required ConfigIssuer Issuer { get; init; }
    public required PointerInitrds Pointers { get; init; }
    public required ServedFiles Files { get; init; }

    /// <summary>The operator's files for every machine.</summary>
    public required ServedFiles Assets { get; init; }
    public required BootTokens Tokens { get; init; }
    public required ClientTable Clients { get; init; }
    public required OccupiedAddresses Occupied { get; init; }

    /// <summary>The tokens of etcd clusters that are being born; null: this server has none.</summary>
    public DiscoveryTokens? EtcdTokens => Live.Current.EtcdTokens;
    public required TimeProvider Clock { get; init; }
    public required ILogger Log { get; init; }

    /// <summary>The configuration of this request.</summary>
    public MayuConfiguration Configuration => Live.Current.Settings;

    /// <summary>Renders configs, by that configuration.</summary>
    public Provisioner Provisioner => Live.Current.Provisioner;

    /// <summary>The images, by that configuration.</summary>
    public ImageStore Images => Live.Current.Images;

    /// <summary>The cluster's plan as it is now.</summary>
    public ClusterPlan Plan => Occupied.Without(Configuration.Cluster);

    /// <summary>This server as the machine that asks reaches it: by the address of its own segment.</summary>
    public string BootUrlFor(HttpPeer peer) =>
        peer.Server is { } own && Configuration.Netboot.BootAddresses.Contains(own) ? Configuration.Netboot.BootUrlAt(own) : Configuration.Netboot.BootUrl;

    /// <summary>The card of whoever asks, where its address was leased here.</summary>
    public MacAddress? MacOf(HttpPeer peer) => peer.Address is { } address ? Clients.Find(address) : null;

    /// <summary>
    /// What is odd about the address that somebody asks from in a machine's name, as the end of a mark: the machine has another one of this server, and the
    /// address that asks is nobody's here. Null where nothing is odd, or no lease tells.
    /// </summary>
    public string? Oddness(HttpPeer peer, Machine? machine)
    {
        if (machine is null || peer.Address is not { } asking || asking == machine.InternalAddress || Clients.Find(asking) is not null)
        {
            return null;
        }

        foreach (var mac in machine.MacAddresses)
        {
            if (Clients.AddressOf(mac) is { } own)
            {
                return $", asked from {asking}, which is leased to nobody, while the machine has {own}: another device may have asked";
            }
        }

        return null;
    }

    /// <summary>Whether somebody asks from an address of a machine: its own, or one that is leased to a card of it.</summary>
    public bool IsAddressOf(Machine machine, HttpPeer peer) =>
        peer.Address is { } address && (address == machine.InternalAddress || (Clients.Find(address) is { } mac && machine.MacAddresses.Contains(mac)));

    /// <summary>Whether an address is a known machine's: its own, or leased to one of its cards.</summary>
    public bool IsKnown(IPAddress client) =>
        HttpPeer.AddressOf(client) is { } address && (Decisions.IsTaken(address) || (Clients.Find(address) is { } mac && Decisions.IsKnown(mac)));

    /// <summary>Marks a hop of a machine.</summary>
    public void Mark(HttpPeer peer, Serial serial, HopKind hop, in HopDetail detail)
    {
        if (!peer.IsHead)
        {
            Trace.Mark(serial, hop, detail, mac: MacOf(peer));
        }
    }

    /// <summary>Writes down that a step failed for who asks.</summary>
    public void Failed(HttpPeer peer, Serial serial, string hop, string reason)
    {
        if (!peer.IsHead)
        {
            Failed(serial, hop, reason, MacOf(peer));
        }
    }

    /// <summary>Writes a failed step down, for the operator who asks why a machine does not come up.</summary>
    public void Failed(Serial serial, string hop, string reason, MacAddress? mac)
    {
        var problem = Trace.Fail(serial, hop, reason, mac);
        Log.StepFailed(serial, problem.Hop, problem.Reason);
    }
}
