using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Netboot.Net;

namespace Mayu.Server.Api.Doctor;

/// <summary>The kernel's neighbour table: large enough for the machines that are known, and for those that the profiles have slots for.</summary>
internal sealed class NeighbourCheck(NeighbourTable table, IMachineStore store, Func<ClusterPlan> plan) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Id => "neighbours";

    /// <inheritdoc/>
    public Task<string> LookAsync(Findings findings, CancellationToken cancellation)
    {
        if (table.KnownLimit is not { } limit)
        {
            findings.Unknown(
                $"the kernel does not show the limit of its neighbour table in this network namespace ({NeighbourTable.LimitName})",
                "On the host itself: sysctl " + NeighbourTable.LimitName + "; at least twice the number of machines.");
            return Task.FromResult("");
        }

        var slots = plan().Profiles.Where(profile => !profile.IsDefault).Sum(profile => (long)profile.Quantity);
        var machines = (int)Math.Min(int.MaxValue, Math.Max(store.Current.Count, slots));
        foreach (var remark in table.Remarks(machines))
        {
            findings.Warn(remark);
        }

        return Task.FromResult($"{limit} entries are enough for {machines} machines ({NeighbourTable.LimitName})");
    }
}
