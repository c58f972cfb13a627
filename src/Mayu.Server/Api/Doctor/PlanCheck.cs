using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Api.Status;

namespace Mayu.Server.Api.Doctor;

/// <summary>Pools, profiles, and machines that another one may be.</summary>
internal sealed class PlanCheck(IMachineStore store, ClusterRemarks remarks) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Id => "machines";

    /// <inheritdoc/>
    public Task<string> LookAsync(Findings findings, CancellationToken cancellation)
    {
        foreach (var remark in remarks.OfPlan.Concat(remarks.OfMachines))
        {
            findings.Warn(remark, "See docs/operations.md, \"Monitoring\".");
        }

        return Task.FromResult($"{Counted.Of(store.Current.Count, "machine")}; no pool is full, no profile over-full, no conflict");
    }
}
