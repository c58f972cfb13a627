using System.Net;
using System.Net.Sockets;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Provisioning;
using Mayu.Netboot.Files;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.Images;

namespace Mayu.Server.BootHttp;

/// <summary>What the endpoints that answer machines work with.</summary>
internal sealed record BootContext(
    MayuConfiguration Configuration,
    IMachineStore Store,
    BootTrace Trace,
    BootDecisions Decisions,
    Provisioner Provisioner,
    ImageStore Images,
    ServedFiles Files,
    ClientAddresses Addresses,
    OccupiedAddresses Occupied,
    TimeProvider Clock,
    ILogger Log)
{
    /// <summary>How often a machine's reports may change its record.</summary>
    public ReportPace Reports { get; } = new(Clock);

    /// <summary>This server as the machine that asks reaches it: by the address of its own segment.</summary>
    public string BootUrlFor(HttpContext context) =>
        context.Connection.LocalIpAddress is { AddressFamily: AddressFamily.InterNetwork } local
        && Configuration.Netboot.BootAddresses.Contains(Ipv4.From(local))
            ? Configuration.Netboot.BootUrlAt(Ipv4.From(local))
            : Configuration.Netboot.BootUrl;

    /// <summary>The provisioner for the machine that asks.</summary>
    public Provisioner ProvisionerFor(HttpContext context) => Provisioner.At(BootUrlFor(context));

    /// <summary>The card of whoever asks, where its address was leased here.</summary>
    public MacAddress? MacOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { AddressFamily: AddressFamily.InterNetwork } remote ? Addresses.Find(Ipv4.From(remote)) : null;

    /// <summary>Whether an address is a known machine's: its own, or leased to one of its cards.</summary>
    public bool IsKnown(IPAddress client)
    {
        if (client.AddressFamily != AddressFamily.InterNetwork)
        {
            return false;
        }

        var address = Ipv4.From(client);
        return Decisions.IsTaken(address) || (Addresses.Find(address) is { } mac && Decisions.IsKnown(mac));
    }

    /// <summary>Writes a failed step down, for the operator who asks why a machine does not come up.</summary>
    public void Failed(Serial serial, string hop, string reason)
    {
        var problem = Trace.Fail(serial, hop, reason);
        Log.StepFailed(serial, problem.Hop, problem.Reason);
    }
}
