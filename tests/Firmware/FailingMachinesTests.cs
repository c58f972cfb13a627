using Mayu.Client.Contracts;
using Mayu.Lab.Rack;
using Mayu.Lab.Server;

namespace Mayu.Firmware.Tests;

public class FailingMachinesTests
{
    [Fact]
    public async Task A_machine_that_fails_says_why_in_its_status_and_the_others_go_on()
    {
        await using var rack = await BootedRack.StartAsync(options => options with
        {
            InternalRange = (10, 12),
            Profiles =
            [
                new LabProfile { Name = "absent", Quantity = 1, Image = "no-such-image" },
                new LabProfile { Name = "default" },
            ],
        });

        // One after the other, so that each meets what is meant for it: the slot, then the addresses, then none left.
        var imageless = await rack.BootAsync(MachineSpec.Numbered(1));
        await rack.WaitAsync(imageless, "get the first address", HasAddress);
        var cramped = await rack.BootAsync(MachineSpec.Numbered(2) with { DiskBytes = [32L << 20] });
        var healthy = await rack.BootAsync(MachineSpec.Numbered(3));
        await rack.WaitAsync(cramped, "get an address", HasAddress);
        await rack.WaitAsync(healthy, "get an address", HasAddress);
        var late = await rack.BootAsync(MachineSpec.Numbered(4));

        await AssertStatusAsync(rack, imageless, "no-such-image");
        await AssertStatusAsync(rack, cramped, "too small");
        await AssertStatusAsync(rack, late, "no address");
        await rack.WaitUntilRunningAsync(healthy);
        Assert.Empty(cramped.Disks[0].Partitions());
        Assert.Null(rack.Server.Failure());
    }

    private static bool HasAddress(Machine machine) => machine.InternalAddress is { Length: > 0 };

    private static async Task AssertStatusAsync(BootedRack rack, RackMachine machine, string reason)
    {
        await rack.WaitAsync(machine, $"fail with '{reason}'", known => known.Problem?.Reason.Contains(reason, StringComparison.Ordinal) == true);
        var status = (await rack.Server.MayuctlAsync(["status", machine.Serial], TestContext.Current.CancellationToken)).OrThrow();
        Assert.Contains(reason, status.Output);
    }
}
