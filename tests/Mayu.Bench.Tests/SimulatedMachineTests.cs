using Mayu.Bench.Smoke;
using Mayu.Protocols.Pxe;

namespace Mayu.Bench.Tests;

public class SimulatedMachineTests
{
    [Fact]
    public void A_simulated_machine_is_an_ipxe_on_x64_with_a_mac_of_its_own()
    {
        var machine = new SimulatedMachine(300);
        Assert.True(machine.Client.HardwareAddress.IsUnicastMac);
        Assert.Equal((PxeClientKind.Ipxe, ClientArchitecture.UefiX64, machine.Uuid), (machine.Client.Kind, machine.Client.Architecture, machine.Client.Uuid));
        Assert.Equal("02-b0-00-00-01-2c", machine.MacWithHyphens);
    }
}
