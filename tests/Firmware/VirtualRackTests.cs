using Mayu.Lab;
using Mayu.Lab.Rack;

namespace Mayu.Firmware.Tests;

public class VirtualRackTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_machine_boots_its_disk_again_after_a_reset_and_after_a_power_cut()
    {
        await using var rack = await VirtualRack.StartAsync(new RackOptions(), Cancellation);
        var machine = await rack.AddMachineAsync(MachineSpec.Numbered(1) with { BootOrder = BootOrder.DiskFirst, MemoryMiB = 64 }, Cancellation);
        BootSector.Write(machine.Disks[0].Path, "the disk speaks");

        await machine.PowerOnAsync();
        await machine.WaitForConsoleAsync("the disk speaks", Patience, Cancellation);
        await machine.ResetAsync(cancellation: Cancellation);
        await machine.WaitForConsoleAsync("the disk speaks", Patience, Cancellation);
        await machine.PowerOffAsync();
        Assert.False(machine.IsOn);
        await machine.PowerOnAsync();
        await machine.WaitForConsoleAsync("the disk speaks", Patience, Cancellation);
    }

    [Fact]
    public async Task A_text_that_does_not_come_is_an_error_with_the_last_lines_of_the_console()
    {
        await using var rack = await VirtualRack.StartAsync(new RackOptions(), Cancellation);
        var machine = await rack.AddMachineAsync(MachineSpec.Numbered(1) with { BootOrder = BootOrder.DiskFirst, MemoryMiB = 64 }, Cancellation);
        BootSector.Write(machine.Disks[0].Path, "all there is");

        await machine.PowerOnAsync();
        await machine.WaitForConsoleAsync("all there is", Patience, Cancellation);
        var failure = await Assert.ThrowsAsync<LabException>(
            () => machine.WaitForConsoleAsync("nothing of the kind", TimeSpan.FromSeconds(1), Cancellation));

        Assert.Contains("lab-0001", failure.Message);
        Assert.Contains("nothing of the kind", failure.Message);
        Assert.Contains("all there is", failure.Message);
    }

    [Fact]
    public async Task A_server_inside_the_rack_is_reached_through_the_rack_only()
    {
        await using var rack = await VirtualRack.StartAsync(new RackOptions(), Cancellation);
        await File.WriteAllTextAsync(Path.Combine(rack.WorkFolder, "page"), "from inside", Cancellation);
        await using var server = await rack.StartAsync(
            "web server", "web.log", "busybox", ["httpd", "-f", "-p", "10.77.0.1:4081", "-h", rack.WorkFolder]);
        using var inside = new HttpClient(rack.CreateHttpHandler());

        var page = await Eventually(() => inside.GetStringAsync(new Uri("http://10.77.0.1:4081/page"), Cancellation));

        Assert.Equal("from inside", page);
        Assert.DoesNotContain("10.77.0.1", (await Tool.RunAsync("ip", ["-br", "address"], cancellation: Cancellation)).Output);
    }

    [Fact]
    public async Task A_disposed_rack_leaves_no_namespace_no_process_and_no_folder()
    {
        var rack = await VirtualRack.StartAsync(new RackOptions(), Cancellation);
        var machine = await rack.AddMachineAsync(MachineSpec.Numbered(1) with { MemoryMiB = 64 }, Cancellation);
        await machine.PowerOnAsync();
        await rack.DisposeAsync();

        Assert.DoesNotContain(rack.Name, (await Tool.RunAsync("ip", ["netns", "list"], cancellation: Cancellation)).Output);
        Assert.False(Directory.Exists(rack.WorkFolder));
        Assert.False(File.Exists($"/run/mayu-lab/{rack.Name}.lock"));
        Assert.Empty((await Tool.RunAsync("pgrep", ["-f", rack.Name], cancellation: Cancellation)).Output);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<string> Eventually(Func<Task<string>> ask)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await ask();
            }
            catch (HttpRequestException) when (attempt < 100)
            {
                await Task.Delay(50, Cancellation);
            }
        }
    }
}
