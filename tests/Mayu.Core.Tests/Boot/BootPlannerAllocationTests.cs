using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;

namespace Mayu.Core.Tests.Boot;

/// <summary>DHCP asks the planner for each packet.</summary>
public sealed class BootPlannerAllocationTests
{
    [Theory]
    [InlineData(ProfileMode.Install)]
    [InlineData(ProfileMode.Live)]
    public void A_machines_answer_is_not_made_anew_for_each_packet(ProfileMode mode)
    {
        var plan = Sample.Plan(Sample.Range("10.0.0.1", "10.0.0.9"), Sample.Profile("other"), Sample.Profile("core") with { Mode = mode });
        Machine[] machines = [.. Enum.GetValues<MachineState>().Select(state => Sample.Machine("a", state) with { Profile = "core" })];
        var planner = new BootPlanner(plan);
        Plan();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Plan();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Plan()
        {
            foreach (var machine in machines)
            {
                planner.Plan(machine);
            }
        }
    }
}
