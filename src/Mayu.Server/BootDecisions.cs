using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;

namespace Mayu.Server;

/// <summary>Finds who is asking, and asks the one brain: every mouth gets its boot answers here.</summary>
internal sealed class BootDecisions(IMachineStore store, ClusterPlan plan, BootTrace trace)
{
    /// <summary>The answer for a machine that says its serial.</summary>
    public BootAnswer AnswerFor(Serial serial) => Plan(store.Current.Find(serial));

    /// <summary>
    /// The answer for a machine of which the wire shows MAC and, from PXE firmware, UUID. A machine that was replaced in
    /// its chassis keeps the UUID, one whose NIC was replaced keeps neither: the MAC decides, then the serial that it gave
    /// before, then the UUID.
    /// </summary>
    public BootAnswer AnswerFor(MacAddress mac, Guid? uuid)
    {
        var snapshot = store.Current;
        return Plan(snapshot.Find(mac)
            ?? (trace.SerialOf(mac) is { } serial ? snapshot.Find(serial) : null)
            ?? (uuid is { } id ? snapshot.Find(id) : null));
    }

    private BootAnswer Plan(Machine? machine) => BootPlanner.Plan(machine, plan.FindProfile(machine?.Profile));
}
