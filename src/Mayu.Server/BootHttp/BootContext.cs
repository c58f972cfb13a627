using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Provisioning;
using Mayu.Server.Configuration;
using Mayu.Server.Images;
using Mayu.Server.Tftp;
using Mayu.Server.Wire;

namespace Mayu.Server.BootHttp;

/// <summary>What the endpoints that answer machines work with.</summary>
internal sealed record BootContext(
    MayuConfiguration Configuration,
    IMachineStore Store,
    BootTrace Trace,
    BootDecisions Decisions,
    Provisioner Provisioner,
    ImageStore Images,
    TftpFiles Files,
    ClientAddresses Addresses,
    OccupiedAddresses Occupied,
    TimeProvider Clock,
    ILogger Log)
{
    /// <summary>Writes a failed step down, for the operator who asks why a machine does not come up.</summary>
    public void Failed(Serial serial, string hop, string reason)
    {
        var problem = Trace.Fail(serial, hop, reason);
        Log.StepFailed(serial, problem.Hop, problem.Reason);
    }
}
