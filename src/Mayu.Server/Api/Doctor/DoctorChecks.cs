using Mayu.Server.Api.Status;
using Mayu.Server.Auth;
using Mayu.Server.BootHttp;
using Mayu.Server.Preflight;
using Mayu.Server.Reload;
using Mayu.Server.Secrets;
using Mayu.Storage.Folders;

namespace Mayu.Server.Api.Doctor;

/// <summary>All that the doctor looks at.</summary>
internal static class DoctorChecks
{
    /// <summary>The checks, in the order of the answer.</summary>
    /// <param name="boot">What answers machines.</param>
    /// <param name="certificate">The API's.</param>
    /// <param name="reload">The configuration's file.</param>
    /// <param name="remarks">What <c>/readyz</c> tells.</param>
    public static IReadOnlyList<BoundedCheck> Of(BootContext boot, ServerCertificate certificate, ConfigurationReload reload, ClusterRemarks remarks)
    {
        var configuration = boot.Configuration;
        var netboot = configuration.Netboot;
        IDoctorCheck[] checks =
        [
            new ConfigurationCheck(boot.Live, reload, remarks),
            new PortsCheck(configuration),
            new InterfaceCheck(netboot),
            new OtherServersCheck(netboot, remarks.Engine, boot.Clock, boot.Log),
            new EngineCheck(netboot, remarks.Engine),
            new LoaderCheck(netboot, boot.Files, Needs),
            new ImageCheck(boot.Live, Needs),
            new TemplateCheck(boot.Live, boot.Store, Needs),
            new CertificateCheck(boot.Live, certificate, Needs),
            new ClockCheck(boot.Clock),
            new StoreCheck(boot.Store, configuration, remarks),
            new NeighbourCheck(remarks.Engine.Neighbours, boot.Store, () => boot.Plan),
            new PlanCheck(boot.Store, remarks),
        ];
        return [.. checks.Select(check => new BoundedCheck(check, boot.Clock))];

        // By the configuration and the machines of the moment, with the secrets that the server has.
        MachineNeeds Needs() => new(
            boot.Configuration,
            new ClusterRecords([.. boot.Store.Current.Machines.OrderBy(machine => machine.Serial).Take(TemplateCheck.MostMachines)], []),
            boot.Live.Current.Secrets as SecretStore);
    }
}
