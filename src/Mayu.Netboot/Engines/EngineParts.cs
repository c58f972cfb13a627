using Mayu.Core.Boot;
using Mayu.Core.Provisioning;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Files;
using Mayu.Netboot.Net;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Engines;

/// <summary>What every engine works with.</summary>
internal sealed record EngineParts
{
    /// <summary>What it is to do.</summary>
    public required NetbootSettings Settings { get; init; }

    /// <summary>The planner: what each machine gets.</summary>
    public required IBootAnswers Answers { get; init; }

    /// <summary>The planner, for what dnsmasq must be told beforehand.</summary>
    public required IDnsmasqMachines Machines { get; init; }

    /// <summary>What TFTP serves.</summary>
    public required ServedFiles Files { get; init; }

    /// <summary>Is told whose an address is.</summary>
    public required ClientTable Clients { get; init; }

    /// <summary>Where each packet and file leaves its mark.</summary>
    public required BootTrace Trace { get; init; }

    /// <summary>Renders the configuration of a program.</summary>
    public required TemplateRenderer Renderer { get; init; }

    /// <summary>Runs leases, time-outs and pauses.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Makes the logs.</summary>
    public required ILoggerFactory Logs { get; init; }

    /// <summary>Answers IPv6 router solicitations on an interface; null: nobody does.</summary>
    public RouterSolicitations? SolicitationsOn(BootInterface nic) =>
        Settings.Pxe.AnswersRouterSolicitations ? RouterSolicitations.Open(nic, Trace, Clock, Logs.CreateLogger<RouterSolicitations>()) : null;
}
